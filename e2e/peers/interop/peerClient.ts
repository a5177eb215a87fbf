// Runs somebody else's client on our server: it says what it saw in each exchange, and when the server is to be restarted.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export type Seen = Readonly<Record<string, unknown>>;

/** The script prints one JSON line per exchange, `{"exchange": ..., ...}`, or `restart`; it is then told `go`. */
export function runPeerClient(command: string, args: readonly string[], environment: Readonly<Record<string, string>>, restart: () => Promise<void>): Promise<Map<string, Seen>> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: { ...process.env, ...environment, PYTHONIOENCODING: 'utf-8' }, stdio: ['pipe', 'pipe', 'pipe'] });
    const seen = new Map<string, Seen>();
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')));
    const patience = setTimeout(() => child.kill('SIGKILL'), 90_000);
    createInterface({ input: child.stdout }).on('line', (line) => {
      // Some clients print on the same line.
      const at = line.indexOf('{"exchange"');
      if (line.endsWith('restart')) restart().then(() => child.stdin.write('go\n'), reject);
      else if (at >= 0) {
        const { exchange, ...what } = JSON.parse(line.slice(at)) as { exchange: string } & Seen;
        seen.set(exchange, what);
      }
    });
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(patience);
      // What is missing in `seen` shows which exchange it was that failed; the reason is kept with it.
      if (code !== 0) seen.set('failure', { code, errors: errors.slice(-2000) });
      resolve(seen);
    });
  });
}

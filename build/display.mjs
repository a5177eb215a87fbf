// A virtual display for Electron, where the machine has none.
import { spawn } from 'node:child_process';

let running;

/** The display to use: the machine's, else one Xvfb for this process; it ends with the process. */
export function virtualDisplay() {
  if (process.env.DISPLAY) return Promise.resolve({ name: process.env.DISPLAY, close: () => undefined });
  running ??= startXvfb();
  return running;
}

function startXvfb() {
  return new Promise((resolve, reject) => {
    // It chooses a free number itself, and tells it on descriptor 3 once it listens.
    const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    child.once('error', (cause) => reject(new Error('Xvfb did not start. Install it: apt-get install xvfb', { cause })));
    child.once('exit', (code) => reject(new Error(`Xvfb ended (exit code ${code}).`)));
    process.once('exit', () => child.kill());
    let told = '';
    child.stdio[3].on('data', (data) => {
      told += data.toString();
      if (told.includes('\n')) resolve({ name: `:${told.trim()}`, close: () => child.kill() });
    });
  });
}

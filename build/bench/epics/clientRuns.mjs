// One sample of one metric: starts the peer's program, drives the IOC while it counts, and makes figures of what it reports.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const monotonic = () => Number(process.hrtime.bigint()) / 1e9;
const sleep = (seconds) => new Promise((resolve) => { setTimeout(resolve, seconds * 1000); });
/** Seconds after which a program counts as stuck. */
const patience = 60;

/** A peer's program under way: its lines, one after the other. */
function start(command, args, env) {
  const child = spawn(command[0], [...command.slice(1), ...args.map(String)], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr.on('data', (data) => { complaints = `${complaints}${data}`.slice(-2000); });
  const lines = [];
  const waiting = [];
  createInterface({ input: child.stdout }).on('line', (line) => { if (waiting.length > 0) waiting.shift().resolve(line); else lines.push(line); });
  const failed = (why) => { for (const { reject } of waiting.splice(0)) reject(new Error(`${why} ${complaints.trim().split('\n').at(-1)}`.trim())); };
  child.on('exit', (code) => setTimeout(() => failed(`It ended (exit code ${code}).`), 100));
  const watch = setTimeout(() => {
    failed(`It did not end within ${patience} s.`);
    child.kill('SIGKILL');
  }, patience * 1000);
  const line = () => lines.length > 0 ? Promise.resolve(lines.shift()) : new Promise((resolve, reject) => { waiting.push({ resolve, reject }); });
  return {
    pid: child.pid,
    go: () => { child.stdin.write('\n'); },
    /** Of a program that answers each line with one of JSON. */
    ask: async (text) => {
      child.stdin.write(`${text}\n`);
      return JSON.parse(await line());
    },
    until: async (text) => { while (await line() !== text); },
    /** Some clients print what is no JSON as well. */
    async result() {
      for (;;) {
        const text = await line();
        if (text.startsWith('{')) return JSON.parse(text);
      }
    },
    /** Lets it end by itself, so that it is gone when the next one is measured. */
    async end() {
      clearTimeout(watch);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => { child.once('exit', resolve); });
      child.stdin.end();
      const impatience = setTimeout(() => child.kill('SIGKILL'), 1000);
      await gone;
      clearTimeout(impatience);
    },
  };
}

export async function withProgram(command, args, env, act) {
  const program = start(command, args, env);
  try {
    return await act(program);
  } finally {
    await program.end();
  }
}

/** A metric that the program measures by itself. */
export const alone = ({ metric, channels }, command, args, env) =>
  withProgram(command, [metric, channels, ...args], env, (program) => program.result());

/** Monitors of what the generator updates. `made`: a function that updates and says how often. */
export async function counted(program, made) {
  await program.until('READY');
  program.go();
  await program.until('COUNTING');
  const began = monotonic();
  const updates = await made();
  const ended = monotonic();
  program.go();
  const { received, drained, cpu, memory, version } = await program.result();
  return {
    perSecond: received / (drained - began), generated: updates / (ended - began), lost: 100 * (1 - received / updates), cpuPerEvent: (cpu / Math.max(received, 1)) * 1e6, cpu, memory, received, version,
  };
}

export const monitors = ({ channels, rate, seconds }, command, args, env, ioc) =>
  withProgram(command, ['monitor', channels, ...args], env, (program) => counted(program, () => ioc.generate(channels, rate[args[0]] ?? rate, seconds)));

/** A thousand records that the IOC scans ten times a second. */
export async function scanned({ channels, seconds }, command, args, env, ioc) {
  await ioc.gate(true);
  try {
    return await withProgram(command, ['scan', channels, ...args], env, (program) => counted(program, async () => {
      await ioc.gate(false);
      await sleep(seconds);
      await ioc.gate(true);
      return channels * 10 * seconds;
    }));
  } finally {
    await ioc.gate(true);
  }
}

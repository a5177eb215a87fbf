// Runs one command: finds it, gives it its world, and turns how it ended into an exit code (0 done, 1 failed, 2 wrong usage, 130 interrupted).
import { toErrorData } from '@shared/errors';
import { applicationVersion } from '../paths';
import { UsageError, type CliCommand } from './command';
import { commandNames, loadCommand } from './commands';
import { readGlobals } from './globals';
import { ProcessIo } from './processIo';
import { toJson } from './json';

/** Milliseconds from Ctrl-C to the end, whatever a command still does. */
const interruptLimit = 900;
const interrupted = 130;

/** `builtMain`: the folder of the built files. Ends the process. */
export async function main(argv: readonly string[], builtMain: string): Promise<void> {
  const io = new ProcessIo(builtMain);
  const stop = (): void => {
    if (io.signal.aborted) process.exit(interrupted);
    io.interrupt();
    setTimeout(() => process.exit(interrupted), interruptLimit).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  process.on('uncaughtException', (error) => {
    io.err(`This should not have happened: ${error.message}. Please report it${process.env['ENDSTATION_DEBUG'] ? '' : ' (ENDSTATION_DEBUG=1 shows where)'}.`);
    if (process.env['ENDSTATION_DEBUG']) io.err(error.stack ?? '');
    process.exit(1);
  });
  const code = await run(argv, io);
  await io.close();
  process.exitCode = io.signal.aborted ? (io.readerLeft ? 0 : interrupted) : code;
  await io.drain();
  process.exit();
}

async function run(argv: readonly string[], io: ProcessIo): Promise<number> {
  const [name, ...rest] = moveGlobalsBack(argv);
  let command: CliCommand | null = null;
  try {
    if (name === undefined || name === 'help' || name === '--help' || name === '-h') return await help(rest[0], io);
    if (name === '--version') {
      io.out(applicationVersion(io.paths.workers));
      return 0;
    }
    command = await loadCommand(name);
    if (!command) throw new UsageError(`There is no command "${name}". Commands: ${commandNames.join(', ')}.`);
    const { args, json, profile, help: asked } = readGlobals(rest, command.dashesSeparate ?? false);
    io.configure({ json, profile });
    if (asked) return usage(command, (line) => io.out(line));
    return await command.run(args, io);
  } catch (error) {
    return report(error, command, io);
  }
}

/** `--profile P --json get X` is `get X --profile P --json`. */
function moveGlobalsBack(argv: readonly string[]): readonly string[] {
  let globals = 0;
  for (let first = argv[0]; first?.startsWith('--') && first !== '--help' && first !== '--version'; first = argv[globals]) globals += first === '--profile' ? 2 : 1;
  return [...argv.slice(globals), ...argv.slice(0, globals)];
}

function report(error: unknown, command: CliCommand | null, io: ProcessIo): number {
  const { code, message } = toErrorData(error);
  if (error instanceof UsageError) {
    io.err(message);
    if (command) usage(command, (line) => io.err(line));
    else io.err('See: endstation help');
    return 2;
  }
  if (!io.signal.aborted) io.err(io.json ? toJson({ error: { code, message } }) : message);
  return 1;
}

function usage(command: CliCommand, line: (text: string) => void): number {
  line(command.summary);
  for (const text of command.usage) line(`  ${text}`);
  line('  Everywhere: --json (one JSON value a line), --profile NAME|FILE');
  return 0;
}

async function help(name: string | undefined, io: ProcessIo): Promise<number> {
  const commands = await Promise.all((name === undefined ? commandNames : [name]).map(loadCommand));
  if (name !== undefined && commands[0]) return usage(commands[0], (line) => io.out(line));
  if (name !== undefined) throw new UsageError(`There is no command "${name}". Commands: ${commandNames.join(', ')}.`);
  io.out('endstation [FILE.bob] [--profile NAME|FILE] [--observer]   opens the application');
  for (const command of commands) {
    if (!command) continue;
    io.out('');
    io.out(`${command.name}: ${command.summary}`);
    for (const text of command.usage) io.out(`  ${text}`);
  }
  io.out('');
  io.out('Everywhere: --json (one JSON value a line), --profile NAME|FILE.');
  io.out('Without --profile: as the EPICS_* variables say where any is set, else the simulated beamline in this process.');
  return 0;
}

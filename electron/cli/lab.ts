// `endstation lab list` and `endstation lab run ID...`: the article's experiments from the command line.
import type { LabEvent, LabOverview, LabResult } from '@shared/lab';
import { Lab } from '../parallelism/lab';
import { LabError } from '../parallelism/labError';
import { exportTo, importFrom, setUp } from './labFiles';
import { readArguments } from './arguments';
import { UsageError, type CliCommand, type CliIo } from './command';

export const command: CliCommand = {
  name: 'lab',
  summary: 'The parallelism experiments: what threads, processes and workers really do on this machine.',
  usage: [
    'endstation lab list', 'endstation lab run ID...|all [--quick] [--runtime ID]...', 'endstation lab setup',
    'endstation lab export FILE.json|FILE.csv [ID...]', 'endstation lab import FILE',
  ],
  async run(args, io) {
    const { positionals: [action, ...ids], options } = readArguments(args, { quick: 'flag', runtime: 'texts' });
    const lab = new Lab({ paths: io.paths, environment: io.environment });
    if (action === 'list' && ids.length === 0) return list(await lab.overview(), io);
    if (action === 'run' && ids.length > 0) return run(lab, ids, options, io);
    if (action === 'setup' && ids.length === 0) return setUp(lab, io);
    if (action === 'export' && ids.length > 0) return exportTo(lab, ids[0] ?? '', ids.slice(1), io);
    if (action === 'import' && ids.length === 1) return importFrom(lab, ids[0] ?? '', io);
    throw new UsageError(action === 'run' ? 'Name at least one experiment, or all.' : 'Say `lab list`, `lab run ID...`, `lab setup`, `lab export FILE` or `lab import FILE`.');
  },
};

function list(overview: LabOverview, io: CliIo): number {
  if (io.json) {
    for (const experiment of overview.experiments) io.outJson(experiment);
    for (const claim of overview.claims) io.outJson({ claim: claim.number, text: claim.text, experiments: claim.experiments });
    for (const { id, ...runtime } of overview.runtimes) io.outJson({ runtime: id, ...runtime });
    return 0;
  }
  io.out('Experiments');
  for (const { id, question } of overview.experiments) io.out(`  ${id.padEnd(16)} ${question}`);
  io.out('Claims of the article');
  for (const { number, text, experiments } of overview.claims) {
    io.out(`  ${String(number).padStart(2)}. ${text} [${experiments.join(', ') || 'no experiment yet'}]`);
  }
  io.out('Runtimes');
  for (const { id, available, version, path, missing } of overview.runtimes) {
    io.out(`  ${id.padEnd(24)} ${available ? `${version ?? ''}  ${path ?? ''}` : `not found. ${missing ?? ''}`}`);
  }
  return 0;
}

async function run(lab: Lab, experiments: readonly string[], options: { quick: boolean; runtime: string[] }, io: CliIo): Promise<number> {
  const results: LabResult[] = [];
  const titles = new Map((await lab.runtimes()).map(({ info }) => [info.key, info.title] as const));
  let outcome = 'done';
  lab.onEvent((event) => {
    progress(event, io);
    if (event.kind === 'result') {
      results.push(event.result);
      if (io.json) io.outJson(event.result);
      else printResult(event.result, titles, io);
    }
    if (event.kind === 'ended') {
      outcome = event.outcome;
      if (event.error) io.err(event.error.message);
    }
  });
  const stop = () => void lab.cancel();
  const { ended } = await lab.start({ experiments, runtimes: options.runtime, quick: options.quick }).catch((error: unknown) => {
    throw error instanceof LabError && error.code === 'LAB_UNKNOWN' ? new UsageError(error.message) : error;
  });
  io.signal.addEventListener('abort', stop, { once: true });
  if (io.signal.aborted) stop();
  await ended;
  io.signal.removeEventListener('abort', stop);
  if (outcome === 'cancelled') io.err('Cancelled. What was measured in full before is kept, the experiment under way is not.');
  if (experiments.includes('all') && outcome === 'done') await printTable(lab, results, io);
  return outcome === 'done' ? 0 : 1;
}

function progress(event: LabEvent, io: CliIo): void {
  if (event.kind !== 'step') return;
  const left = event.secondsLeft === null ? '' : `, ${Math.ceil(event.secondsLeft)} s left`;
  io.err(`${event.experiment} ${event.step + 1}/${event.steps}: ${event.label}${left}`);
}

function printResult(result: LabResult, titles: ReadonlyMap<string, string>, io: CliIo): void {
  // A row may be a part of a runtime's: cpythonThreads.ioc
  const titleOf = (key: string) => titles.get(key) ?? titles.get(key.split('.')[0] ?? '')?.concat(` (${key.split('.').slice(1).join(' ')})`) ?? key;
  io.out(`${result.title}: ${result.verdict}`);
  io.out(`  ${result.reason}`);
  for (const warning of result.warnings ?? []) io.out(`  Note: ${warning}`);
  for (const [key, error] of Object.entries(result.errors ?? {})) io.out(`  ${titleOf(key)} failed: ${error.message}`);
  for (const [key, install] of Object.entries(result.missing ?? {})) io.out(`  ${titleOf(key)}: not on this machine. ${install}`);
  for (const [name, { value, unit, spread }] of Object.entries(result.figures)) {
    io.out(`  ${name.padEnd(32)} ${figureText(value)}${spread === undefined ? '' : ` ± ${figureText(spread)}`} ${unit}`);
  }
}

function figureText(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}

/** The whole article: each claim with what was found, and by which figures; with --json a line each. */
async function printTable(lab: Lab, results: readonly LabResult[], io: CliIo): Promise<void> {
  const verdicts = results.flatMap(({ id, claims = [] }) => claims.map((claim) => ({ experiment: id, ...claim })));
  if (!io.json) io.out('The article, claim by claim');
  for (const { number, text } of (await lab.overview()).claims) {
    const found = verdicts.find((verdict) => verdict.claim === number);
    if (io.json) {
      io.outJson({ claim: number, text, verdict: found?.verdict ?? 'not measurable here', figure: found?.reason ?? 'No experiment speaks of it yet.', experiment: found?.experiment ?? null });
      continue;
    }
    io.out(`  ${String(number).padStart(2)}. ${text}`);
    io.out(`      ${found ? `${found.verdict}: ${found.reason}` : 'no experiment of it yet'}`);
  }
}

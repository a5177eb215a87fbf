// Results of other machines: reads a file that was exported there, checks every part of it, and keeps it in the user's folder.
import { randomUUID } from 'node:crypto';
import type { LabImport, LabResult } from '@shared/lab';
import * as v from 'valibot';
import { KeptList } from './keptList';
import { LabError } from './labError';

/** Files that are kept. */
const most = 40;
const text = v.pipe(v.string(), v.maxLength(20_000));
const key = v.pipe(v.string(), v.maxLength(200));
/** NaN and infinities are texts in the lines of the command line. */
const number = v.union([v.number(), v.pipe(v.picklist(['NaN', 'Infinity', '-Infinity']), v.transform(Number))]);
const verdict = v.picklist(['holds', 'fails', 'not measurable here']);
const figure = v.object({ value: number, unit: text, spread: v.exactOptional(number) });
const axis = v.object({ title: text, unit: text });
const error = v.object({ code: text, message: text });
const series = v.object({
  name: text, x: axis, y: axis, lines: v.array(text), points: v.array(v.array(number)), spreads: v.exactOptional(v.array(v.array(v.nullable(number)))),
});
const timeline = v.object({ name: text, lanes: v.array(v.object({ title: text, spans: v.array(v.tuple([number, number])) })) });
const opcodes = v.object({
  runtime: text, title: text, version: text, statement: text, opcodes: v.array(v.object({ name: text, argument: text, inWindow: v.boolean(), switches: v.boolean() })),
});
const resultSchema = v.object({
  id: key, title: text, claim: text, verdict, reason: text, figures: v.record(key, figure),
  environment: v.object({ cpu: text, cores: v.number(), os: text, versions: v.record(key, text) }),
  runtime: v.object({ name: text, version: text, path: text }),
  finishedAt: v.number(), errors: v.exactOptional(v.record(key, error)), missing: v.exactOptional(v.record(key, text)), claims: v.exactOptional(v.array(v.object({ claim: v.number(), verdict, reason: text }))),
  warnings: v.exactOptional(v.array(text)), rowWarnings: v.exactOptional(v.record(key, v.array(text))), quick: v.exactOptional(v.boolean()),
  series: v.exactOptional(v.array(series)), timelines: v.exactOptional(v.array(timeline)), opcodes: v.exactOptional(v.array(opcodes)),
}) satisfies v.GenericSchema<unknown, LabResult>;

/**
 * The results in the text of a file: one as the window exports it, a list of them, or a line each as `lab run --json` prints them,
 * whose other lines are passed over. The newest first. Throws IMPORT_UNREADABLE.
 */
export function readResults(name: string, contents: string): LabResult[] {
  const found = candidates(contents).flatMap((value) => {
    const read = v.safeParse(resultSchema, value);
    return read.success ? [read.output] : [];
  });
  if (found.length === 0) {
    throw new LabError('IMPORT_UNREADABLE', `${name} has no result of the lab in it. Export one on the other machine (Parallelism, Export JSON; or endstation lab run ... --json > file) and choose that file.`);
  }
  return found.sort((a, b) => b.finishedAt - a.finishedAt);
}

function candidates(contents: string): unknown[] {
  const whole = parsed(contents);
  if (whole === undefined) return contents.split('\n').map(parsed);
  return Array.isArray(whole) ? whole : [whole];
}

function parsed(contents: string): unknown {
  try {
    return JSON.parse(contents);
  } catch {
    return undefined;
  }
}

export class LabImports {
  readonly #kept: KeptList<LabImport>;

  constructor(file: string) { this.#kept = new KeptList(file, most, isImport); }

  list(): Promise<readonly LabImport[]> { return this.#kept.list(); }

  /** Throws IMPORT_UNREADABLE, and where it can not be kept, why. */
  async add(name: string, contents: string): Promise<LabImport> {
    const results = readResults(name, contents);
    const [newest] = results;
    if (!newest) throw new LabError('IMPORT_UNREADABLE', `${name} is empty.`);
    const added: LabImport = { id: randomUUID(), name, importedAt: Date.now(), machine: newest.environment, results };
    await this.#kept.add(added);
    return added;
  }

  forget(id: string): Promise<void> { return this.#kept.remove((each) => each.id === id); }
}

function isImport(value: unknown): value is LabImport {
  if (typeof value !== 'object' || value === null || !('id' in value) || !('results' in value) || !('machine' in value)) return false;
  return Array.isArray(value.results) && value.results.every((each) => v.is(resultSchema, each));
}

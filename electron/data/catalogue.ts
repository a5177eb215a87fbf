// The runs of a folder. What was read of a journal is kept, in memory and on disk, until the journal changes.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import type { RunQuery, RunSummary } from '@shared/documents';
import { EndstationError } from '@shared/errors';
import { writeWhole } from '../files/writeWhole';
import { matcher } from './runQuery';
import { dayPattern, isJournal, nexusPath } from './runNames';
import { readFacts, summarize, type RunFacts } from './summary';

const cacheVersion = 2;
/** Journals that are looked at together. */
const atOnce = 32;

interface Listed { readonly journal: string; readonly facts: RunFacts; readonly hasNexus: boolean }

export class Catalogue {
  readonly #facts = new Map<string, RunFacts | null>();
  #loaded = false;
  #dirty = false;

  constructor(readonly folder: string) {}

  get #cacheFile(): string { return join(this.folder, '.endstation', 'catalogue.json'); }

  /** Days that have runs, newest first. An absent folder has none. */
  async #days({ from = '', to = '9' }: RunQuery): Promise<string[]> {
    return (await fs.readdir(this.folder).catch(() => [] as string[])).filter((name) => dayPattern.test(name) && name >= from && name <= to).sort().reverse();
  }

  /** Runs of a day, newest first. */
  async #runsOf(day: string): Promise<Listed[]> {
    const names = await fs.readdir(join(this.folder, day)).catch(() => [] as string[]);
    const all = new Set(names);
    const journals = names.filter(isJournal);
    const found: Listed[] = [];
    for (let at = 0; at < journals.length; at += atOnce) {
      const read = await Promise.all(journals.slice(at, at + atOnce).map(async (name): Promise<Listed[]> => {
        const journal = join(this.folder, day, name);
        const facts = await this.#read(journal);
        return facts ? [{ journal, facts, hasNexus: all.has(nexusPath(name)) }] : [];
      }));
      found.push(...read.flat());
    }
    return found.sort((a, b) => b.facts.start.scan_id - a.facts.start.scan_id || b.facts.start.time - a.facts.start.time);
  }

  /** The highest scan number of the newest day that has runs; 0: there are none. */
  async highestScanId(): Promise<number> {
    for (const day of await this.#days({})) {
      const [newest] = await this.#runsOf(day);
      if (newest) return newest.facts.start.scan_id;
    }
    return 0;
  }

  async list(query: RunQuery = {}): Promise<RunSummary[]> {
    const limit = query.limit ?? Infinity;
    const matches = matcher(query);
    const found: RunSummary[] = [];
    for (const day of await this.#days(query)) {
      if (found.length >= limit) break;
      for (const { journal, facts, hasNexus } of await this.#runsOf(day)) {
        if (found.length >= limit) break;
        if (!matches(facts)) continue;
        const summary = await summarize(journal, facts, hasNexus);
        if (!query.status || query.status.includes(summary.exitStatus)) found.push(summary);
      }
    }
    await this.#saveCache();
    return found;
  }

  /** By uid, the beginning of one, or a scan number (the newest with it). Errors: `NO_RUN`. */
  async find(run: string): Promise<RunSummary> {
    const all = await this.list();
    const byNumber = /^\d{1,7}$/.test(run) ? all.find((summary) => summary.scanId === Number(run)) : undefined;
    const matches = all.filter((summary) => summary.uid.startsWith(run));
    const found = all.find((summary) => summary.uid === run) ?? byNumber ?? (matches.length === 1 ? matches[0] : undefined);
    if (found) return found;
    const problem = matches.length > 1 ? `${matches.length} runs begin with "${run}". Give more of the uid.` : `There is no run "${run}" in ${this.folder}. See \`endstation runs list\`, or choose another data folder.`;
    throw new EndstationError('NO_RUN', problem);
  }

  async #read(journal: string): Promise<RunFacts | null> {
    await this.#loadCache();
    const known = this.#facts.get(journal);
    try {
      const { size, mtimeMs } = await fs.stat(journal);
      if (known && known.size === size && known.modified === mtimeMs) return known;
      const facts = await readFacts(journal);
      this.#facts.set(journal, facts);
      // One that still grows is worth no new cache.
      if (facts?.stop) this.#dirty = true;
      return facts;
    } catch {
      // Gone, or not readable for this user: not a run that can be shown.
      return null;
    }
  }

  async #loadCache(): Promise<void> {
    if (this.#loaded) return;
    this.#loaded = true;
    try {
      const cache = JSON.parse(await fs.readFile(this.#cacheFile, 'utf8')) as { version?: number; runs?: Record<string, RunFacts> };
      if (cache.version !== cacheVersion) return;
      for (const [path, facts] of Object.entries(cache.runs ?? {})) this.#facts.set(join(this.folder, path), facts);
    } catch {
      // No cache, or a broken one: everything is read again.
    }
  }

  /** The cache is a convenience: where it can't be written, listing is only slower. */
  async #saveCache(): Promise<void> {
    if (!this.#dirty || this.#facts.size < 50) return;
    this.#dirty = false;
    const runs = Object.fromEntries([...this.#facts].flatMap(([path, facts]) => facts ? [[path.slice(this.folder.length + 1), facts]] : []));
    await writeWhole(this.#cacheFile, JSON.stringify({ version: cacheVersion, runs })).catch(() => undefined);
  }
}

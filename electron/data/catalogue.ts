// The runs of a folder. What was read of a journal is kept, in memory and on disk, until the journal changes.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import type { RunQuery, RunSummary } from '@shared/documents';
import { EndstationError } from '@shared/errors';
import { makeFolder } from '../files/makeFolder';
import { matcher } from './runQuery';
import { dayPattern, isJournal, nexusPath, scanIdOf } from './runNames';
import { readFacts, summarize, type RunFacts } from './summary';

const cacheVersion = 2;
/** Journals that are looked at together. */
const atOnce = 32;

export class Catalogue {
  readonly #facts = new Map<string, RunFacts | null>();
  #loaded = false;
  #dirty = false;

  constructor(readonly folder: string) {}

  get #cacheFile(): string { return join(this.folder, '.endstation', 'catalogue.json'); }

  /** Journals, newest first, and whether each has its NeXus file. An absent folder has none. */
  async #journals({ from = '', to = '9' }: RunQuery): Promise<{ journal: string; hasNexus: boolean }[]> {
    const days = (await fs.readdir(this.folder).catch(() => [] as string[])).filter((name) => dayPattern.test(name) && name >= from && name <= to).sort().reverse();
    const lists = await Promise.all(days.map(async (day) => {
      const names = await fs.readdir(join(this.folder, day)).catch(() => [] as string[]);
      const all = new Set(names);
      return names.filter(isJournal).sort((a, b) => scanIdOf(b) - scanIdOf(a)).map((name) => ({ journal: join(this.folder, day, name), hasNexus: all.has(nexusPath(name)) }));
    }));
    return lists.flat();
  }

  async list(query: RunQuery = {}): Promise<RunSummary[]> {
    const limit = query.limit ?? Infinity;
    const matches = matcher(query);
    const found: RunSummary[] = [];
    const journals = await this.#journals(query);
    for (let at = 0; at < journals.length && found.length < limit; at += atOnce) {
      const summaries = await Promise.all(journals.slice(at, at + atOnce).map(async ({ journal, hasNexus }) => {
        const facts = await this.#read(journal);
        return facts && matches(facts) ? summarize(journal, facts, hasNexus) : null;
      }));
      for (const summary of summaries) {
        if (summary && found.length < limit && (!query.status || query.status.includes(summary.exitStatus))) found.push(summary);
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
      this.#dirty = true;
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
    const temporary = `${this.#cacheFile}.${process.pid}`;
    await makeFolder(join(this.folder, '.endstation'))
      .then(() => fs.writeFile(temporary, JSON.stringify({ version: cacheVersion, runs })))
      .then(() => fs.rename(temporary, this.#cacheFile))
      .catch(() => undefined);
  }
}

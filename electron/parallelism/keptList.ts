// A list of things kept in the user's folder: one JSON file, the newest first, whole or not written at all. Window and command line keep
// theirs in the same file, so each change begins with what is in it now.
import { readFile, stat } from 'node:fs/promises';
import { writeWhole } from '../files/writeWhole';

export class KeptList<T> {
  readonly #file: string;
  readonly #most: number;
  readonly #check: (value: unknown) => value is T;
  /** As it was last read or written; `at` tells whether the file is still the same. */
  #known: { readonly at: string; readonly members: readonly T[] } | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  /** `most`: members that are kept. What `check` refuses in the file is passed over; a broken file is an empty list. */
  constructor(file: string, most: number, check: (value: unknown) => value is T) {
    this.#file = file;
    this.#most = most;
    this.#check = check;
  }

  list(): Promise<readonly T[]> { return this.#inTurn(() => this.#read()); }

  /** Resolves when it is on disk. */
  add(member: T): Promise<void> { return this.#change((members) => [member, ...members].slice(0, this.#most)); }

  /** Resolves when they are gone from the disk. */
  remove(which: (member: T) => boolean): Promise<void> { return this.#change((members) => members.filter((member) => !which(member))); }

  #change(make: (members: readonly T[]) => readonly T[]): Promise<void> {
    return this.#inTurn(async () => {
      const members = make(await this.#read());
      // Where it can't be written, it is remembered at least until the end.
      this.#known = { at: await this.#at(), members };
      await writeWhole(this.#file, JSON.stringify(members));
      this.#known = { at: await this.#at(), members };
    });
  }

  #inTurn<R>(work: () => Promise<R>): Promise<R> {
    const turn = this.#turn.catch(() => undefined).then(work);
    this.#turn = turn;
    return turn;
  }

  /** What tells one version of the file from the next. */
  #at(): Promise<string> {
    return stat(this.#file).then(({ mtimeMs, size, ino }) => [mtimeMs, size, ino].join(), () => 'none');
  }

  async #read(): Promise<readonly T[]> {
    const at = await this.#at();
    if (this.#known?.at === at) return this.#known.members;
    const members = await readFile(this.#file, 'utf8').then((text) => {
      const value: unknown = JSON.parse(text);
      return Array.isArray(value) ? value.filter(this.#check) : [];
    }).catch(() => []);
    this.#known = { at, members };
    return members;
  }
}

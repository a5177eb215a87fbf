// A list of things kept in the user's folder: one JSON file, the newest first, whole or not written at all.
import { readFile } from 'node:fs/promises';
import { writeWhole } from '../files/writeWhole';

export class KeptList<T> {
  readonly #file: string;
  readonly #most: number;
  readonly #check: (value: unknown) => value is T;
  #members: Promise<T[]> | null = null;
  #saving: Promise<void> = Promise.resolve();

  /** `most`: members that are kept. What `check` refuses in the file is passed over; a broken file is an empty list. */
  constructor(file: string, most: number, check: (value: unknown) => value is T) {
    this.#file = file;
    this.#most = most;
    this.#check = check;
  }

  list(): Promise<readonly T[]> { return this.#load(); }

  /** Resolves when it is on disk. */
  async add(member: T): Promise<void> {
    const members = await this.#load();
    members.unshift(member);
    members.length = Math.min(members.length, this.#most);
    await this.#save(members);
  }

  /** Resolves when they are gone from the disk. */
  async remove(which: (member: T) => boolean): Promise<void> {
    const members = await this.#load();
    members.splice(0, members.length, ...members.filter((member) => !which(member)));
    await this.#save(members);
  }

  async #save(members: readonly T[]): Promise<void> {
    const text = JSON.stringify(members);
    this.#saving = this.#saving.catch(() => undefined).then(() => writeWhole(this.#file, text));
    await this.#saving;
  }

  #load(): Promise<T[]> {
    this.#members ??= readFile(this.#file, 'utf8').then((text) => {
      const value: unknown = JSON.parse(text);
      return Array.isArray(value) ? value.filter(this.#check) : [];
    }).catch(() => []);
    return this.#members;
  }
}

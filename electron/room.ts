// What services.ts composes: a room has handlers for its part of the contract, and ends with the application.
import type { Handlers } from './ipc/handlers';

export interface Room<M extends keyof Handlers> {
  readonly handlers: Pick<Handlers, M>;
  dispose(): void | Promise<void>;
}

/** Where things are; made once by the host. All absolute. */
export interface Paths {
  /** Folder of the built worker files, `simWorker.cjs` and the others. */
  readonly workers: string;
  /** Settings, profiles, caches of this user. */
  readonly user: string;
  /** Default folder for runs. */
  readonly data: string;
  /** Read-only files that are shipped: displays, lab programs. */
  readonly resources: string;
}

// Actions in flight: started by `set` and `trigger`, awaited by `wait`, stopped when the scan is interrupted.
import type { Device } from '../../devices/device';

interface Action { readonly device: Device; readonly promise: Promise<void>; readonly again: (() => Promise<void>) | null; done: boolean; failure: { readonly error: unknown } | null }

/** An action that an interruption cut off. */
export interface Unfinished { readonly group: string; readonly device: Device; readonly again: () => Promise<void> }

export class Actions {
  readonly #groups = new Map<string, Action[]>();
  readonly #busy = new Map<Device, number>();

  /** `again`: how it is started anew where an interruption cut it off and nobody waited for it. */
  start(group: string, device: Device, promise: Promise<void>, again: (() => Promise<void>) | null = null): void {
    const members = this.#groups.get(group) ?? [];
    this.#groups.set(group, members);
    const action: Action = { device, promise, again, done: false, failure: null };
    members.push(action);
    this.#busy.set(device, (this.#busy.get(device) ?? 0) + 1);
    const end = (): void => {
      action.done = true;
      const left = (this.#busy.get(device) ?? 1) - 1;
      if (left > 0) this.#busy.set(device, left);
      else this.#busy.delete(device);
    };
    // A failure is told by `wait` or `poll`; without one it must not be an unhandled rejection.
    promise.then(end, (error: unknown) => {
      action.failure = { error };
      end();
    });
  }

  /** Fails with the first failure of the group. */
  async wait(group: string): Promise<void> {
    const members = this.#groups.get(group);
    if (!members) return;
    this.#groups.delete(group);
    if (members.length === 1) await members[0]?.promise;
    else await Promise.all(members.map(({ promise }) => promise));
  }

  /** Whether all of the group have ended; one without members has. Fails as `wait` does. */
  poll(group: string): boolean {
    const members = this.#groups.get(group) ?? [];
    const failed = members.find(({ failure }) => failure !== null);
    const over = failed !== undefined || members.every(({ done }) => done);
    if (over) this.#groups.delete(group);
    if (failed?.failure) throw failed.failure.error;
    return over;
  }

  /** Devices that something was started on which has not ended. */
  get busy(): readonly Device[] {
    return [...this.#busy.keys()];
  }

  /** What has not ended, nor is awaited, and can be started anew. */
  get unfinished(): readonly Unfinished[] {
    return [...this.#groups].flatMap(([group, members]) => members.flatMap(({ device, again, done }) => (done || !again ? [] : [{ group, device, again }])));
  }

  clear(): void {
    this.#groups.clear();
    this.#busy.clear();
  }
}

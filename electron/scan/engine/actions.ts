// Actions in flight: started by `set` and `trigger`, awaited by `wait`, stopped when the scan is interrupted.
import type { Device } from '../../devices/device';

export class Actions {
  readonly #groups = new Map<string, Promise<void>[]>();
  readonly #busy = new Map<Device, number>();

  start(group: string, device: Device, action: Promise<void>): void {
    const members = this.#groups.get(group) ?? [];
    this.#groups.set(group, members);
    members.push(action);
    this.#busy.set(device, (this.#busy.get(device) ?? 0) + 1);
    const end = (): void => {
      const left = (this.#busy.get(device) ?? 1) - 1;
      if (left > 0) this.#busy.set(device, left);
      else this.#busy.delete(device);
    };
    // A failure is told by `wait`; without one it must not be an unhandled rejection.
    action.then(end, end);
  }

  /** Fails with the first failure of the group. */
  async wait(group: string): Promise<void> {
    const members = this.#groups.get(group);
    if (!members) return;
    this.#groups.delete(group);
    await Promise.all(members);
  }

  /** Devices that something was started on which has not ended. */
  get busy(): readonly Device[] {
    return [...this.#busy.keys()];
  }

  clear(): void {
    this.#groups.clear();
    this.#busy.clear();
  }
}

// The devices' door: makes those of the profile, and any PV as one.
import { EndstationError } from '@shared/errors';
import type { Profile } from '@shared/profile';
import type { DeviceDescription } from '@shared/scan';
import type { PvAccess } from '../pv/pvAccess';
import { DisconnectedError, InterruptedError, isMovable, isStoppable, type Device, type Devices, type Stoppable } from './device';
import { describePv, makeDevice } from './makeDevice';

export interface DevicesOptions {
  readonly pv: PvAccess;
  /** The profile in use now; another object means that the devices are made anew. */
  readonly profile: () => Profile;
}

const roles: Readonly<Record<DeviceDescription['kind'], DeviceDescription['role']>> = {
  motor: 'both', positioner: 'both', pv: 'both', counter: 'detector', scaler: 'detector', camera: 'detector', mca: 'detector',
};
const defaultTimeout = 3;

export function createDevices(options: DevicesOptions): Devices {
  return new DeviceTable(options);
}

class DeviceTable implements Devices {
  readonly #made = new Map<string, Device>();
  readonly #bare = new Map<string, Promise<Device>>();
  #profile: Profile;

  constructor(private readonly options: DevicesOptions) {
    this.#profile = options.profile();
  }

  /** Follows a switch of the profile. */
  #current(): Profile {
    const profile = this.options.profile();
    if (profile !== this.#profile) {
      this.dispose();
      this.#profile = profile;
    }
    return profile;
  }

  describe(): readonly DeviceDescription[] {
    return this.#current().devices.map(({ name, kind, pv, description }) => {
      const units = this.options.pv.peek(pv)?.units;
      return { name, kind, pv, role: roles[kind], ...(description ? { description } : {}), ...(units ? { units } : {}) };
    });
  }

  async resolve(name: string, options: { timeout?: number; signal?: AbortSignal } = {}): Promise<Device> {
    const profile = this.#current();
    const connect = { timeout: options.timeout ?? defaultTimeout, ...(options.signal ? { signal: options.signal } : {}) };
    const described = profile.devices.find((device) => device.name === name);
    const device = described ? this.#make(profile, described) : await this.#resolvePv(profile, name, connect);
    if (!device.connected) await device.connect(connect);
    return device;
  }

  #make(profile: Profile, description: Parameters<typeof makeDevice>[2]): Device {
    const made = this.#made.get(description.name) ?? makeDevice(this.options.pv, profile, description);
    this.#made.set(description.name, made);
    return made;
  }

  #resolvePv(profile: Profile, name: string, connect: { timeout: number; signal?: AbortSignal }): Promise<Device> {
    const running = this.#bare.get(name);
    if (running) return running;
    const found = describePv(this.options.pv, profile, name, connect).then((description) => this.#make(profile, description), (error: unknown) => {
      if (connect.signal?.aborted) throw new InterruptedError(`Connecting to ${name}`);
      if (error instanceof EndstationError && error.code !== 'TIMEOUT') throw error;
      throw new DisconnectedError(name, `${name} is not connected: it is no device of the profile, and no server answers for a PV of this name. Check the name, and the profile's addresses.`, { cause: error });
    });
    this.#bare.set(name, found);
    found.catch(() => this.#bare.delete(name));
    return found;
  }

  stoppable(): readonly Stoppable[] {
    const profile = this.#current();
    for (const description of profile.devices) {
      if (description.kind === 'motor' || description.stop !== undefined) this.#make(profile, description);
    }
    return [...this.#made.values()].filter(isStoppable).filter((device) => isMovable(device));
  }

  dispose(): void {
    for (const device of this.#made.values()) device.dispose();
    this.#made.clear();
    this.#bare.clear();
  }
}

// What a device can do, as small interfaces: the engine asks for a capability, never for a class.
import type { ChangedSetting } from '@shared/changedSettings';
import type { Disposable } from '@shared/disposable';
import type { DataKey } from '@shared/documents';
import { EndstationError } from '@shared/errors';
import type { Readings } from '@shared/messages';
import type { DeviceDescription } from '@shared/scan';
import type { WriteContext } from '../pv/pvAccess';

/** What every action is given: when to give up, who acts, and where to say what it does just now. */
export interface ActionContext {
  readonly signal: AbortSignal;
  readonly writer: WriteContext;
  /** e.g. `moving SIM:M1 to 1.25 mm`. */
  readonly report: (activity: string) => void;
}

export interface Device extends Disposable {
  /** The profile's name, or the PV. */
  readonly name: string;
  readonly kind: DeviceDescription['kind'];
  readonly pv: string;
  /** Whether all PVs that it can't do without are connected now. */
  readonly connected: boolean;
  /** Name of the first PV that is missing now. */
  readonly missing: string | null;
  /** Waits for its PVs. Errors: `DisconnectedError` after `timeout` seconds. */
  connect(options: { timeout: number; signal?: AbortSignal }): Promise<void>;
}

export interface Readable extends Device {
  /** Data keys of what `read` gives, the first the one to plot. */
  describe(): Readonly<Record<string, DataKey>>;
  /** Fields to show first. */
  readonly hints: readonly string[];
  /** Never a stale value. Errors: `DisconnectedError`. */
  read(context: ActionContext): Promise<Readings>;
  /** Settings that belong to a run's record, read once: speed, preset time. */
  readonly configuration?: () => { readonly data: Readings; readonly keys: Readonly<Record<string, DataKey>> };
}

export interface Travel {
  readonly units: string;
  /** null: not known. */
  readonly position: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Units per second; null: not known. */
  readonly speed: number | null;
  /** Seconds from rest to speed. */
  readonly acceleration: number;
  /** Seconds to wait after a move. */
  readonly settle: number;
}

export interface Movable extends Device {
  readonly travel: Travel;
  /** Why it can't go there, before it moves. Errors: `OUT_OF_LIMITS` and others. */
  check(value: number | string): void;
  /** Ends when it has arrived and settled. */
  set(value: number | string, context: ActionContext): Promise<void>;
  /** Whether it is there, within its tolerance. */
  isAt(value: number | string): boolean;
}

export interface Triggerable extends Device {
  /** Ends when a new value was taken, to be had by `read`. */
  trigger(context: ActionContext): Promise<void>;
}

export interface Stoppable extends Device {
  /** false: there is nothing to stop now. */
  readonly stops?: boolean;
  stop(context: ActionContext): Promise<void>;
}

export interface Stageable extends Device {
  stage(context: ActionContext): Promise<void>;
  unstage(context: ActionContext): Promise<void>;
  /** What staging changed and unstaging puts back. */
  readonly changed?: readonly Omit<ChangedSetting, 'device'>[];
}

export interface Subscribable extends Readable {
  /** Every update from now on, none that is stale. */
  subscribe(listener: (readings: Readings) => void): Disposable;
}

/** A device whose speed can be chosen. */
export interface Paced extends Movable {
  /** Units per second; null: not known. */
  readonly speed: number | null;
  setSpeed(speed: number, context: ActionContext): Promise<void>;
}

/** A setting that a scan changes for its own time. */
export interface Setting {
  /** e.g. `speed (VELO)`. */
  readonly title: string;
  /** That it is written to. */
  readonly pv: string;
  /** null: not known. */
  readonly now: number | null;
  /** A value of it as text, with its unit. */
  say(value: number): string;
  put(value: number, context: ActionContext): Promise<void>;
}
export interface Adjustable extends Device {
  /** null: it has no such setting. */
  setting(name: string): Setting | null;
}

export function isReadable(device: Device): device is Readable {
  return 'read' in device;
}
export function isMovable(device: Device): device is Movable {
  return 'set' in device;
}
export function isTriggerable(device: Device): device is Triggerable {
  return 'trigger' in device;
}
export function isStoppable(device: Device): device is Stoppable {
  return 'stop' in device && (device as Stoppable).stops !== false;
}
export function isStageable(device: Device): device is Stageable {
  return 'stage' in device;
}

export function isSubscribable(device: Device): device is Subscribable {
  return 'subscribe' in device;
}
export function isAdjustable(device: Device): device is Adjustable {
  return 'setting' in device;
}
/** Errors: `NO_SETTING`. */
export function settingOf(device: Device, name: string): Setting {
  const setting = isAdjustable(device) ? device.setting(name) : null;
  if (!setting) throw new EndstationError('NO_SETTING', `${device.name} has no setting "${name}" any more.`);
  return setting;
}
export function isPaced(device: Device): device is Paced {
  return 'setSpeed' in device;
}

/** A PV that the device needs is not there: a scan waits for it and goes on. */
export class DisconnectedError extends EndstationError {
  constructor(readonly pv: string, message: string, options?: { cause?: unknown }) {
    super('DISCONNECTED', message, options);
    this.name = 'DisconnectedError';
  }
}

/** The device is there and does not do what it was told. */
export class DeviceError extends EndstationError {
  constructor(code: string, readonly device: string, message: string, options?: { cause?: unknown }) {
    super(code, message, options);
    this.name = 'DeviceError';
  }
}

/** The action was given up because its signal fired. */
export class InterruptedError extends EndstationError {
  constructor(what: string) {
    super('INTERRUPTED', `${what} was interrupted.`);
    this.name = 'InterruptedError';
  }
}

/** Devices by name: those of the profile, and any PV. */
export interface Devices extends Disposable {
  /** Of the profile, in its order. */
  describe(): readonly DeviceDescription[];
  /** Finds out what a name is and connects to it; the same object for the same name until the profile changes. Errors: `DisconnectedError`. */
  resolve(name: string, options?: { timeout?: number; signal?: AbortSignal }): Promise<Device>;
  /** Motors of the profile and those that were used. Never waits for a connection. */
  stoppable(): readonly Stoppable[];
}

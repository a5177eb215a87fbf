// The surface of epics-ioc-connection 0.0.10 (`CA.connect`, `CA.get`, `CA.put`, `CA.Channel`, `CA.DataType`) on this library.
// Differences on purpose: numbers come as numbers, methods are bound, errors are classes, no EPICS installation is needed.
import { EventEmitter } from 'node:events';
import type { Channel as CaChannel, Disposable } from './api';
import { CaClient } from './ca/client';
import { CaError } from './ca/errors';
import type { PvValue, Reading } from './value';

/** Field types, numbered as in libca (DBF_*). */
export const DataType = { STRING: 0, SHORT: 1, INT: 1, FLOAT: 2, ENUM: 3, CHAR: 4, LONG: 5, DOUBLE: 6, NO_ACCESS: 7 } as const;
export type DataType = (typeof DataType)[keyof typeof DataType];

/** What `channel.state` says, numbered as in libca. */
export enum ConState { CS_NEVER_CONN = 0, CS_PREV_CONN = 1, CS_CONN = 2, CS_CLOSED = 3 }

/** What the `connection` event carries, numbered as in libca. */
export enum CAConState { OP_CONN_UP = 6, OP_CONN_DOWN = 7 }

export type CompatValue = number | string | number[] | string[];

class CompatError extends Error {
  /** The stable code of the cause, see CaErrorCode. */
  readonly code: string;
  constructor(override readonly name: string, message: string, cause?: unknown) {
    super(cause instanceof Error ? `${message}: ${cause.message}` : message, { cause });
    this.code = cause instanceof CaError ? cause.code : 'DISCONNECTED';
  }
}
export class ConError extends CompatError { constructor(cause?: unknown) { super('ConError', 'Connection not established', cause); } }
export class GetError extends CompatError { constructor(cause?: unknown) { super('GetError', 'Read request failed', cause); } }
export class PutError extends CompatError { constructor(cause?: unknown) { super('PutError', 'Write request failed', cause); } }

const states = { never: ConState.CS_NEVER_CONN, connected: ConState.CS_CONN, disconnected: ConState.CS_PREV_CONN, closed: ConState.CS_CLOSED } as const;

/** One client for all channels, made with the first and closed with the last, so that a script ends by itself. */
let shared: { client: CaClient; users: number } | null = null;

function openChannel(name: string): CaChannel {
  shared ??= { client: new CaClient(), users: 0 };
  const channel = shared.client.channel(name);
  shared.users += 1;
  return channel;
}

function closeChannel(channel: CaChannel): void {
  channel.close();
  if (!shared) return;
  shared.users -= 1;
  if (shared.users > 0) return;
  const { client } = shared;
  shared = null;
  void client.close();
}

/** Emits `value` once `monitor` was called, and `connection` whenever the channel comes or goes. */
export class Channel extends EventEmitter {
  private channel: CaChannel | null = null;
  private subscription: Disposable | null = null;

  constructor(private readonly pvname: string) {
    super();
    this.connect = this.connect.bind(this);
    this.disconnect = this.disconnect.bind(this);
    this.get = this.get.bind(this);
    this.put = this.put.bind(this);
    this.monitor = this.monitor.bind(this);
  }

  override on(event: 'value', listener: (value: CompatValue) => void): this;
  override on(event: 'connection', listener: (state: CAConState) => void): this;
  override on(event: string, listener: (argument: never) => void): this { return super.on(event, listener as (...args: unknown[]) => void); }

  get state(): ConState { return this.channel ? states[this.channel.state] : ConState.CS_CLOSED; }
  get connected(): boolean { return this.state === ConState.CS_CONN; }

  /** `timeout` in milliseconds. Rejects with ConError, and the channel is closed again. */
  async connect({ timeout = 2000 }: { timeout?: number } = {}): Promise<void> {
    if (!this.channel) {
      this.channel = openChannel(this.pvname);
      this.channel.onState((state) => {
        if (state === 'closed') return;
        this.emit('connection', state === 'connected' ? CAConState.OP_CONN_UP : CAConState.OP_CONN_DOWN);
      });
    }
    try {
      await this.channel.whenConnected({ timeout: timeout / 1000 });
    } catch (error) {
      await this.disconnect();
      throw new ConError(error);
    }
  }

  async disconnect(): Promise<void> {
    const { channel } = this;
    this.channel = null;
    this.subscription = null;
    if (channel) closeChannel(channel);
  }

  /** `type` DataType.STRING: the text that the IOC formats, for an enum the name of its state. */
  async get({ type }: { type?: DataType } = {}): Promise<CompatValue> {
    const channel = this.open();
    try {
      return plain(await channel.get(type === DataType.STRING ? { as: 'string' } : {}));
    } catch (error) {
      throw new GetError(error);
    }
  }

  /** Resolves when the IOC has finished (put-callback). */
  async put(value: CompatValue): Promise<void> {
    const channel = this.open();
    try {
      await channel.put(value, { wait: true });
    } catch (error) {
      throw new PutError(error);
    }
  }

  /** From now on `value` is emitted, first with the present value. */
  async monitor({ type }: { type?: DataType } = {}): Promise<void> {
    const channel = this.open();
    this.subscription?.dispose();
    this.subscription = channel.monitor(type === DataType.STRING ? { as: 'string' } : {}, (reading) => this.emit('value', plain(reading)));
  }

  private open(): CaChannel {
    if (!this.channel) throw new ConError();
    return this.channel;
  }
}

function plain({ value }: Reading): CompatValue {
  if (typeof value === 'number' || typeof value === 'string') return value;
  return isTexts(value) ? [...value] : Array.from(value);
}

function isTexts(value: PvValue): value is readonly string[] {
  return Array.isArray(value);
}

async function connectOne(pvname: string, options?: { timeout?: number }): Promise<Channel> {
  const channel = new Channel(pvname);
  await channel.connect(options);
  return channel;
}

async function getOne(pvname: string): Promise<CompatValue> {
  const channel = await connectOne(pvname);
  try {
    return await channel.get();
  } finally {
    await channel.disconnect();
  }
}

/** A channel, or one for each of several names; to be disconnected by the caller. */
function connect(pvname: string, options?: { timeout?: number }): Promise<Channel>;
function connect(pvnames: readonly string[], options?: { timeout?: number }): Promise<Channel[]>;
async function connect(pvnames: string | readonly string[], options?: { timeout?: number }): Promise<Channel | Channel[]> {
  if (typeof pvnames === 'string') return connectOne(pvnames, options);
  const results = await Promise.allSettled(pvnames.map((name) => connectOne(name, options)));
  const channels = results.flatMap((result) => result.status === 'fulfilled' ? [result.value] : []);
  const failed = results.find((result) => result.status === 'rejected');
  if (!failed) return channels;
  await Promise.all(channels.map((channel) => channel.disconnect()));
  throw failed.reason;
}

/** Connects, reads once, disconnects. */
function get(pvname: string): Promise<CompatValue>;
function get(pvnames: readonly string[]): Promise<CompatValue[]>;
function get(pvnames: string | readonly string[]): Promise<CompatValue | CompatValue[]> {
  return typeof pvnames === 'string' ? getOne(pvnames) : Promise.all(pvnames.map(getOne));
}

/** Connects, writes once, waits for the completion, disconnects. */
async function put(pvname: string, value: CompatValue): Promise<void> {
  const channel = await connectOne(pvname);
  try {
    await channel.put(value);
  } finally {
    await channel.disconnect();
  }
}

export const CA = { connect, get, put, Channel, DataType, ConState, CAConState, ConError, GetError, PutError } as const;

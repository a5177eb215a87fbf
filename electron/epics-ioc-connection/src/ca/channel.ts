// What a caller holds of a PV. Several handles of one name share the wire; closing one leaves the others alone.
import type { Access, CallOptions, Channel, ChannelInfo, ChannelState, Disposable, GetOptions, MonitorOptions, PutOptions } from '../api';
import type { Reading, WritableValue } from '../value';
import { closedError } from './errors';
import { eventMask } from './protocol/commands';
import { ConnectRequest, GetRequest, PutRequest } from './requests';
import type { WireChannel } from './wireChannel';
import { toWire } from './writeValue';

const defaultMask = eventMask.value | eventMask.alarm;

export class CaChannel implements Channel {
  private closed = false;
  private readonly owned = new Set<Disposable>();

  constructor(private readonly wire: WireChannel) {
    wire.handles += 1;
  }

  get name(): string { return this.wire.name; }
  get state(): ChannelState { return this.closed ? 'closed' : this.wire.state; }
  get connected(): boolean { return !this.closed && this.wire.connected; }
  get info(): ChannelInfo | null { return this.closed ? null : this.wire.info; }

  whenConnected(options?: CallOptions): Promise<ChannelInfo> {
    return new Promise((resolve, reject) => {
      if (this.closed) reject(closedError(this.name));
      else new ConnectRequest(this.wire, options, resolve, reject).begin();
    });
  }

  get(options?: GetOptions): Promise<Reading> {
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(closedError(this.name));
      const wants = { form: options?.metadata ? 'ctrl' as const : 'time' as const, asString: options?.as === 'string', count: options?.count ?? 0 };
      new GetRequest(this.wire, options, wants, resolve, reject).begin();
    });
  }

  put(value: WritableValue, options?: PutOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(closedError(this.name));
      const { wire } = this;
      const convert = () => toWire(wire.name, wire.nativeType, wire.nativeCount, value);
      new PutRequest(wire, options, convert, options?.wait ?? false, resolve, reject).begin();
    });
  }

  monitor(options: MonitorOptions, listener: (reading: Reading) => void): Disposable {
    if (this.closed) throw closedError(this.name);
    let mask = 0;
    for (const kind of options.mask ?? []) mask |= eventMask[kind];
    const stop = this.wire.subscribe({
      form: options.metadata ? 'ctrl' : 'time', asString: options.as === 'string', count: options.count ?? 0, mask: mask || defaultMask,
    }, listener);
    return this.own({ dispose: stop });
  }

  onState(listener: (state: ChannelState, info: ChannelInfo | null) => void): Disposable {
    return this.own(this.wire.stateListeners.add(listener));
  }

  onAccess(listener: (access: Access) => void): Disposable {
    return this.own(this.wire.accessListeners.add(listener));
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const disposable of [...this.owned]) disposable.dispose();
    this.wire.release();
  }

  private own(inner: Disposable): Disposable {
    const disposable = {
      dispose: () => {
        if (this.owned.delete(disposable)) inner.dispose();
      },
    };
    this.owned.add(disposable);
    return disposable;
  }
}

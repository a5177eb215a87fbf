// A PV of the pvAccess server: a structure, who subscribed to it, and who may do what with it. PURE.
import type { Access, ClientIdentity } from '../../api';
import { LocalProtocolError } from '../../ca/protocol/errors';
import { BitSet, bitsGiven, defaultValue, WireWriter, writeDelta } from '../protocol';
import type { AnyValue, Field, PvaData, PvaInput, PvaStructure, StructureField } from '../protocol';
import { intersect, type Selection } from './selection';

export interface PvaWriteRequest {
  /** The whole structure: what was written, on top of what the PV held. */
  readonly value: PvaStructure;
  /** The fields that were written; none: the client only asks for processing. */
  readonly changed: BitSet;
  readonly user: string;
  readonly host: string;
  readonly identity: ClientIdentity;
  /** The client waits for completion (`record[block=true]`). */
  readonly notify: boolean;
}
export interface PvaRpcRequest { readonly argument: AnyValue | null; readonly user: string; readonly host: string; readonly identity: ClientIdentity }

export interface PvaStructureOptions {
  type: StructureField;
  /** What is left out is 0, empty or null. */
  initial?: PvaInput;
  /** May this client read, write? Default: read always, write when there is an `onWrite`. Ask again with `accessChanged()`. */
  access?: (user: string, host: string, identity: ClientIdentity) => Access;
  /** The promise's end completes a put that waits; a throw refuses it with the error's text. The handler itself calls `update`. */
  onWrite?: (request: PvaWriteRequest) => void | Promise<void>;
  /** Answers RPC. A throw's text goes to the client. */
  onRpc?: PvaRpcHandler;
}
/** `{ field, value }`, or a plain value whose type can be told (numbers are doubles). */
export type PvaRpcHandler = (request: PvaRpcRequest) => PvaInput | Promise<PvaInput>;

/** A structured PV of a server. */
export interface PvaStructurePv {
  readonly name: string;
  readonly value: PvaStructure;
  /** Sets the fields that are given and posts them, also where they are equal. Arrays are kept, not copied. Errors: a field that the type has not. */
  update(change: PvaInput): void;
  /** Ends every subscription, after what it was still to get. */
  finish(): void;
  accessChanged(): void;
  remove(): void;
}

/** One change, encoded once for all subscribers that want the same fields. */
export interface PvaUpdate {
  readonly value: PvaStructure;
  readonly changed: BitSet;
  /** The update from its subcommand on, in the server's byte order; null where nothing of it was asked for. Errors: `LocalProtocolError`. */
  encode(selection: Selection): Uint8Array | null;
}
export interface PvaSubscriber { post(update: PvaUpdate): void; finish(): void }
/** Who asks. */
export interface ClientWords { readonly user: string; readonly host: string; readonly identity: ClientIdentity }
/** A channel of some client to this PV. */
export interface PvaUser { accessChanged(): void; pvRemoved(): void }

const noBits = new BitSet();

export class PvaServerPv implements PvaStructurePv {
  value: PvaStructure;
  readonly subscribers = new Set<PvaSubscriber>();
  readonly users = new Set<PvaUser>();

  /** Errors: `LocalProtocolError` for an initial value that the type cannot hold. */
  constructor(readonly name: string, readonly options: PvaStructureOptions, private readonly removed: (pv: PvaServerPv) => void) {
    try {
      this.value = merged(options.type, defaultValue(options.type), options.initial ?? {}) as PvaStructure;
      encodeUpdate(options.type, this.value, BitSet.of(0), noBits);
    } catch (error) {
      throw error instanceof LocalProtocolError ? new LocalProtocolError(`${name} cannot begin with its initial value. ${error.message}`) : error;
    }
  }

  get type(): StructureField {
    return this.options.type;
  }

  access({ user, host, identity }: ClientWords): Access {
    return this.options.access?.(user, host, identity) ?? { read: true, write: this.options.onWrite !== undefined };
  }

  update(change: PvaInput): void {
    const changed = bitsGiven(this.type, change);
    this.post(merged(this.type, this.value, change) as PvaStructure, changed);
  }

  /** `value` is the whole structure from now on; it and what is in it is not changed any more. */
  post(value: PvaStructure, changed: BitSet): void {
    this.value = value;
    if (changed.isEmpty || this.subscribers.size === 0) return;
    const { type } = this;
    const encoded = new Map<string, Uint8Array | null>();
    const update: PvaUpdate = {
      value, changed,
      encode(selection) {
        const known = encoded.get(selection.key);
        if (known !== undefined) return known;
        const wanted = intersect(type, changed, selection.bits);
        const made = wanted.isEmpty ? null : encodeUpdate(type, value, wanted, noBits);
        encoded.set(selection.key, made);
        return made;
      },
    };
    for (const subscriber of this.subscribers) subscriber.post(update);
  }

  finish(): void {
    for (const subscriber of [...this.subscribers]) subscriber.finish();
  }

  accessChanged(): void {
    for (const user of [...this.users]) user.accessChanged();
  }

  remove(): void {
    this.removed(this);
    for (const user of [...this.users]) user.pvRemoved();
    this.users.clear();
    this.subscribers.clear();
  }
}

/** The byte order of all that the server sends: the platform's own, so that arrays are copied as they are. */
export const serverLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Small updates share buffers. */
let scratch = newScratch();

function newScratch(): WireWriter {
  const writer = new WireWriter('server');
  writer.littleEndian = serverLittleEndian;
  return writer;
}

/** A monitor's update from its subcommand on. Errors: `LocalProtocolError` for a value that the type cannot hold. */
export function encodeUpdate(type: StructureField, value: PvaStructure, changed: BitSet, overrun: BitSet): Uint8Array {
  const writer = scratch;
  try {
    writer.u8(0);
    writeDelta(writer, type, value, changed);
    overrun.write(writer);
    return writer.take();
  } catch (error) {
    // What was written so far is nobody's.
    scratch = newScratch();
    throw error;
  }
}

function merged(field: Field, old: PvaData, change: PvaInput): PvaData {
  if (field.kind !== 'structure') return change as PvaData;
  if (typeof change !== 'object' || change === null || Array.isArray(change) || ArrayBuffer.isView(change)) {
    throw new LocalProtocolError('A structure is changed by an object with its fields.');
  }
  const value: Record<string, PvaData> = { ...old as PvaStructure };
  for (const { name, field: inner } of field.members) {
    const part = Object.hasOwn(change, name) ? (change as { readonly [name: string]: PvaInput })[name] : undefined;
    if (part !== undefined) value[name] = merged(inner, value[name] ?? null, part);
  }
  return value;
}

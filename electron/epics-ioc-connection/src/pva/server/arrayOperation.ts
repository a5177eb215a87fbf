// ARRAY: parts of an array by offset and stride, and its length (pvAccess protocol, command 14). PURE.
import { commands, fieldAt, ok, readArrayGet, readArrayLength, readArrayPut, readPvRequest, subcommands, writeArrayLengthResponse, writeArrayResponse,
  writeInitResponse, BitSet, valueAt } from '../protocol';
import type { ArrayField, PvaData, PvaNumericArray, PvaStructure, WireReader } from '../protocol';
import { checkRead, checkWrite, Refusal, RequestOperation } from './operation';
import type { OperationInit, OperationPlace } from './operation';

type Elements = PvaNumericArray | readonly string[];

export class ArrayOperation extends RequestOperation {
  private readonly path: string;
  private readonly field: ArrayField;
  private readonly bit: number;

  /** Errors: `Refusal` where the request names no array. */
  constructor(place: OperationPlace, serverId: number, { pvRequest }: OperationInit) {
    super(place, serverId);
    const { fields } = readPvRequest(pvRequest);
    this.path = fields[0] ?? 'value';
    const found = fieldAt(place.pv.type, this.path);
    if (found?.field.kind !== 'array') throw new Refusal(`${place.pv.name} has no array "${this.path}".`);
    checkRead(place);
    this.field = found.field;
    this.bit = found.bit;
    const { connection: { output, gate }, requestId } = place;
    writeInitResponse(output.writer, commands.ARRAY, { requestId, subcommand: subcommands.init, status: ok }, [found.field]);
    gate.wrote();
  }

  override request(subcommand: number, payload: WireReader): void {
    if ((subcommand & subcommands.get) !== 0) this.get(subcommand, payload);
    else if ((subcommand & subcommands.setLength) !== 0) this.setLength(subcommand, payload);
    else if ((subcommand & subcommands.getLength) !== 0) this.getLength(subcommand);
    else this.put(subcommand, payload);
  }

  private get held(): Elements {
    return valueAt(this.place.pv.value, this.path) as Elements;
  }

  private get(subcommand: number, payload: WireReader): void {
    const { offset, count, stride } = readArrayGet(payload);
    const { connection: { output }, requestId } = this.place;
    this.reply(subcommand, () => checkRead(this.place), () => {
      const { held } = this;
      const step = Math.max(stride, 1);
      const available = Math.max(Math.ceil((held.length - offset) / step), 0);
      const length = count === 0 ? available : Math.min(count, available);
      const part = step === 1 ? held.slice(offset, offset + length) : pick(held, offset, step, length);
      writeArrayResponse(output.writer, { requestId, subcommand, status: ok }, this.field, part);
    });
  }

  private put(subcommand: number, payload: WireReader): void {
    const { offset, stride, values } = readArrayPut(payload, this.field, this.place.connection.received);
    const given = values as Elements;
    const step = Math.max(stride, 1);
    const { held } = this;
    if (offset > held.length) return this.perform(subcommand, () => { throw new Refusal(`${this.place.pv.name} has ${held.length} elements: none can be put at ${offset}.`); }, () => undefined);
    const length = given.length === 0 ? held.length : Math.max(held.length, offset + (given.length - 1) * step + 1);
    return this.change(subcommand, length, given.length, (set) => {
      for (let index = 0; index < given.length; index += 1) set(offset + index * step, given[index] as number | bigint | string);
    });
  }

  private setLength(subcommand: number, payload: WireReader): void {
    this.change(subcommand, readArrayLength(payload), 0, () => undefined);
  }

  private getLength(subcommand: number): void {
    const { connection: { output }, requestId } = this.place;
    this.reply(subcommand, () => checkRead(this.place), () => writeArrayLengthResponse(output.writer, { requestId, subcommand, status: ok }, this.held.length));
  }

  /** Writes a changed copy of the array, as a put of the whole would. */
  private change(subcommand: number, length: number, given: number, fill: (set: (index: number, value: number | bigint | string) => void) => void): void {
    const { pv, connection: { user, host, identity } } = this.place;
    this.perform(subcommand, () => {
      checkWrite(this.place);
      if (length > Math.min(largest, this.held.length + given + largestStep)) throw new Refusal(`${pv.name} cannot hold ${length} elements.`);
      const array = resized(this.held, length);
      fill((index, value) => { (array as (number | bigint | string)[])[index] = value; });
      return pv.options.onWrite?.({ value: withPart(pv.value, this.path.split('.'), array), changed: BitSet.of(this.bit), user, host, identity, notify: true });
    }, () => this.respond(subcommand));
  }
}

/** Elements; more are not made room for because a client says so, in all and beyond what is there and what it sends. */
const largest = 1 << 23;
const largestStep = 1 << 20;

function pick(held: Elements, offset: number, step: number, length: number): Elements {
  const indexes = Array.from({ length }, (_, index) => held[offset + index * step]);
  return indexes as unknown as readonly string[];
}

function resized(held: Elements, length: number): Elements {
  if (!ArrayBuffer.isView(held)) return Array.from({ length }, (_, index) => held[index] ?? '');
  const array = new (held.constructor as new (length: number) => PvaNumericArray)(length);
  const kept = held.subarray(0, length);
  array.set(kept as never);
  return array;
}

function withPart(value: PvaStructure, [name = '', ...rest]: readonly string[], part: PvaData): PvaStructure {
  return { ...value, [name]: rest.length === 0 ? part : withPart(value[name] as PvaStructure, rest, part) };
}

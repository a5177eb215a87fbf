// Parts of an array and its length (pvAccess protocol, command 14 CMD_ARRAY).
import type { CallOptions } from '../api';
import { CaError, RequestError, ValueError } from '../ca/errors';
import type { Operation } from './operation';
import { commands, readArrayLength, readValue, statusWords, subcommands, writeArrayGet, writeArrayLength, writeArrayPut } from './protocol';
import type { ArrayField, PvaData, PvaInput, PvaNumericArray, Slice, Status, WireReader } from './protocol';
import { OperationRequest } from './requests';
import type { PvaWireChannel } from './wireChannel';

export type PvaElements = PvaNumericArray | readonly string[];

/** What is asked of the array, and what its answer holds. */
export interface ArrayAct<Result> {
  /** It changes the array: when its answer is lost, it is not known whether it was done. */
  readonly writes: boolean;
  run(operation: Operation, field: ArrayField): void;
  done(reader: WireReader, field: ArrayField, operation: Operation): Result;
}

export class ArrayRequest<Result> extends OperationRequest<Result> {
  protected readonly command = commands.ARRAY;
  protected readonly what = 'reach a part of';

  constructor(
    channel: PvaWireChannel, options: CallOptions | undefined, request: string, private readonly act: ArrayAct<Result>,
    resolve: (result: Result) => void, reject: (error: CaError) => void,
  ) {
    super(channel, options, request, resolve, reject);
  }

  protected run(operation: Operation): void {
    this.act.run(operation, this.arrayOf(operation));
    this.acting = this.act.writes;
  }

  protected done(reader: WireReader): void {
    const operation = this.operation as Operation;
    this.succeed(this.act.done(reader, this.arrayOf(operation), operation));
  }

  protected override refusal(status: Status): CaError {
    const { name } = this.channel;
    if (this.acting) return new RequestError('PUT_FAILED', `The server refused to write a part of "${name}": ${statusWords(status)}.`, name);
    return super.refusal(status);
  }

  private arrayOf(operation: Operation): ArrayField {
    const [field] = operation.fields;
    if (field?.kind !== 'array') throw new RequestError('BAD_TYPE', `"${this.channel.name}" is no array there: a part of it cannot be read or written.`, this.channel.name);
    return field;
  }
}

export function readSlice(slice: Slice): ArrayAct<PvaElements> {
  return {
    writes: false,
    run: (operation) => operation.execute(subcommands.get, (writer, ids) => writeArrayGet(writer, ids, slice)),
    done: (reader, field, operation) => readValue(reader, field, operation.typeCache) as PvaElements,
  };
}

export function writeSlice(slice: Slice, values: PvaInput): ArrayAct<void> {
  return {
    writes: true, done: () => undefined,
    run: (operation, field) => operation.execute(0, (writer, ids) => writeArrayPut(writer, ids, slice, field, values)),
  };
}

export const readLength: ArrayAct<number> = {
  writes: false, done: (reader) => readArrayLength(reader),
  run: (operation) => operation.execute(subcommands.getLength),
};

export function writeLength(length: number): ArrayAct<void> {
  return { writes: true, done: () => undefined, run: (operation) => operation.execute(subcommands.setLength, (writer, ids) => writeArrayLength(writer, ids, length)) };
}

/** Throws `ValueError` for numbers that cannot be. */
export function checkedSlice(slice: Slice): Slice {
  const { offset, count, stride } = slice;
  for (const [what, number, least] of [['offset', offset, 0], ['count', count, 0], ['stride', stride, 1]] as const) {
    if (!Number.isInteger(number) || number < least) throw new ValueError('BAD_OPTION', `The ${what} of a part of an array is ${least} or more, not ${number}.`);
  }
  return slice;
}

/** The part of a whole array. Throws `RequestError` where there is none. */
export function cutSlice(pv: string, path: string, array: PvaData | undefined, { offset, count, stride }: Slice): PvaElements {
  if (!ArrayBuffer.isView(array) && !Array.isArray(array)) throw new RequestError('BAD_TYPE', `"${pv}" has no array "${path}".`, pv);
  const elements = array as PvaNumericArray;
  const end = count === 0 ? elements.length : Math.min(elements.length, offset + count * stride);
  const part = elements.slice(offset, end);
  return stride === 1 ? part : (part as unknown as Float64Array).filter((_element, index) => index % stride === 0) as PvaElements;
}


// Completion status of a request (specification: "Status"). A warning is a success.
import { RemoteProtocolError } from '../../ca/protocol/errors';
import type { WireReader } from './wireReader';
import type { WireWriter } from './wireWriter';

export const statusTypes = ['OK', 'WARNING', 'ERROR', 'FATAL'] as const;
export type StatusType = (typeof statusTypes)[number];

export interface Status {
  readonly type: StatusType;
  readonly message: string;
  /** Where in the server it happened, for its authors; mostly empty. */
  readonly callTree: string;
}

export const ok: Status = { type: 'OK', message: '', callTree: '' };

export function isSuccess(status: Status): boolean {
  return status.type === 'OK' || status.type === 'WARNING';
}

/** What the server says of it, to stand in a sentence: without the full stop that some have and others have not. */
export function statusWords({ message, type }: Status): string {
  return message.replace(/\.\s*$/, '') || type;
}

export function readStatus(reader: WireReader): Status {
  const code = reader.i8();
  if (code === -1) return ok;
  const type = statusTypes[code];
  if (type === undefined) throw new RemoteProtocolError(`A status of type ${code} does not exist.`);
  return { type, message: reader.string(), callTree: reader.string() };
}

export function writeStatus(writer: WireWriter, status: Status): void {
  if (status.type === 'OK' && status.message === '' && status.callTree === '') return writer.u8(0xff);
  writer.u8(statusTypes.indexOf(status.type));
  writer.string(status.message);
  writer.string(status.callTree);
}

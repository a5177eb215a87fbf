// What is in the payloads that are not DBR values: names, masks, errors, versions.
import { decodeText } from '../../bytes/text';
import { commands, senderAddress } from './commands';
import { RemoteProtocolError } from './errors';
import { emptyMessage, readHeader } from './message';
import type { Message } from './message';

/** The NUL-terminated text of SEARCH, CREATE_CHAN, CLIENT_NAME and HOST_NAME. */
export function readText(message: Message): string {
  return decodeText(message.bytes, message.start, message.start + message.payloadSize);
}

/** The event mask of EVENT_ADD; 0 where the payload is too short to hold one. */
export function readEventMask(message: Message): number {
  return message.payloadSize >= 14 ? message.view.getUint16(message.start + 12) : 0;
}

/** What CA_PROTO_ERROR says: the status, its text and the header of the request that it is about. */
export interface ErrorReport {
  readonly status: number;
  readonly text: string;
  readonly request: { readonly command: number; readonly dataType: number; readonly count: number; readonly parameter1: number; readonly parameter2: number };
}

export function readError(message: Message): ErrorReport {
  const request = emptyMessage();
  const end = message.start + message.payloadSize;
  const header = readHeader(request, message.view, message.start, message.payloadSize);
  if (header === 0) throw new RemoteProtocolError('The server sent an error message without the header of the request that it is about.');
  const { command, dataType, count, parameter1, parameter2 } = request;
  return {
    status: message.parameter2, text: decodeText(message.bytes, message.start + header, end),
    request: { command, dataType, count, parameter1, parameter2 },
  };
}

export interface SearchAnswer {
  readonly clientId: number;
  /** IPv4 as dotted text, or null: the address that the message came from. */
  readonly address: string | null;
  readonly tcpPort: number;
  /** 0 where the server does not say. */
  readonly minorVersion: number;
}

/** A search reply: the TCP port is in the data type field; address 0xFFFFFFFF (or 0) means the sender. */
export function readSearchAnswer(message: Message): SearchAnswer {
  const numeric = message.parameter1;
  return {
    clientId: message.parameter2,
    address: numeric === senderAddress || numeric === 0 ? null : dottedAddress(numeric),
    tcpPort: message.dataType,
    minorVersion: message.payloadSize >= 2 ? message.view.getUint16(message.start) : 0,
  };
}

/** The last one: a server answers with the same again and again. */
let dotted = { address: 0, text: '0.0.0.0' };

export function dottedAddress(address: number): string {
  if (dotted.address !== address) dotted = { address, text: [address >>> 24, (address >>> 16) & 255, (address >>> 8) & 255, address & 255].join('.') };
  return dotted.text;
}

/** The IPv4 address as a number, or 0 for a text that is none. */
export function numericAddress(text: string): number {
  const parts = text.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return 0;
  return parts.reduce((address, part) => address * 256 + part, 0);
}

const names = new Map<number, string>(Object.entries(commands).map(([name, number]) => [number, name]));

/** For messages to people: `CREATE_CHAN`, or the number. */
export function commandName(command: number): string {
  return names.get(command) ?? `command ${command}`;
}

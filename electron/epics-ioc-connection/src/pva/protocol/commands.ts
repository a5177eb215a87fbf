// Numbers of the pvAccess protocol (pvAccess Protocol Specification, "Protocol messages").

/** First byte of every message. */
export const magic = 0xca;
/** Protocol revision that this library writes into its headers. */
export const protocolRevision = 2;
export const headerSize = 8;

export const defaultServerPort = 5075;
export const defaultBroadcastPort = 5076;
/** TCP, of servers by TLS. */
export const defaultTlsPort = 5076;

/** Application messages. */
export const commands = {
  BEACON: 0, CONNECTION_VALIDATION: 1, ECHO: 2, SEARCH: 3, SEARCH_RESPONSE: 4, AUTHNZ: 5, ACL_CHANGE: 6, CREATE_CHANNEL: 7,
  DESTROY_CHANNEL: 8, CONNECTION_VALIDATED: 9, GET: 10, PUT: 11, PUT_GET: 12, MONITOR: 13, ARRAY: 14, DESTROY_REQUEST: 15,
  PROCESS: 16, GET_FIELD: 17, MESSAGE: 18, MULTIPLE_DATA: 19, RPC: 20, CANCEL_REQUEST: 21, ORIGIN_TAG: 22,
} as const;

/** Control messages: no payload, their data travels in the size field. */
export const controls = { MARK_TOTAL_BYTES: 0, ACKNOWLEDGE_TOTAL_BYTES: 1, SET_BYTE_ORDER: 2, ECHO_REQUEST: 3, ECHO_RESPONSE: 4 } as const;

/** Size field of SET_BYTE_ORDER: each message's own flag counts. Anything else: the order of SET_BYTE_ORDER counts, the flags don't. */
export const orderByFlag = 0xffffffff;

/** Bits of the header's third byte. */
export const flags = { control: 0x01, segmentFirst: 0x10, segmentLast: 0x20, segmentMask: 0x30, server: 0x40, bigEndian: 0x80 } as const;

/** Bits of a request's subcommand; what a bit means depends on the command. */
export const subcommands = {
  init: 0x08, destroy: 0x10, get: 0x40, default: 0x00,
  /** MONITOR */
  start: 0x44, stop: 0x04, pipeline: 0x80, finish: 0x10,
  /** PUT_GET: read back what would be written. */
  getPut: 0x80,
  /** ARRAY */
  setLength: 0x80, getLength: 0x04,
} as const;

/** Bits of a search's flags. */
export const searchFlags = { replyRequired: 0x01, unicast: 0x80 } as const;

/** Bytes; the largest search datagram that is sent: fits an Ethernet frame. */
export const maxUdpSend = 1400;
/** Bytes; the cap on one message where the user sets none. */
export const defaultMaxPayload = 2 ** 30;
/** Structures, unions and variants within each other, in descriptions and in values. */
export const maxDepth = 32;
/** Fields that one description may have, with all that it refers to. */
export const maxFields = 16_384;
/** Entries of a connection's type cache for one direction. */
export const maxCachedTypes = 8192;
/** Bytes; a channel name in one message (pvAccess: 500 characters). */
export const maxNameBytes = 500;

const names = new Map<number, string>(Object.entries(commands).map(([name, number]) => [number, name]));

/** For messages to people: `CREATE_CHANNEL`, or the number. */
export function commandName(command: number): string {
  return names.get(command) ?? `command ${command}`;
}

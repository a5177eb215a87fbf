// Numbers of the Channel Access protocol (EPICS base caProto.h): commands, ports, masks, rights, limits.

/** Protocol version that this library speaks: 4.13. */
export const minorVersion = 13;

export const defaultServerPort = 5064;
export const defaultRepeaterPort = 5065;

export const commands = {
  VERSION: 0, EVENT_ADD: 1, EVENT_CANCEL: 2, READ: 3, WRITE: 4, SNAPSHOT: 5, SEARCH: 6, BUILD: 7, EVENTS_OFF: 8, EVENTS_ON: 9,
  READ_SYNC: 10, ERROR: 11, CLEAR_CHANNEL: 12, RSRV_IS_UP: 13, NOT_FOUND: 14, READ_NOTIFY: 15, READ_BUILD: 16,
  REPEATER_CONFIRM: 17, CREATE_CHAN: 18, WRITE_NOTIFY: 19, CLIENT_NAME: 20, HOST_NAME: 21, ACCESS_RIGHTS: 22, ECHO: 23,
  REPEATER_REGISTER: 24, SIGNAL: 25, CREATE_CH_FAIL: 26, SERVER_DISCONN: 27,
} as const;

/** Bits of an event mask (DBE_*): which changes are posted. LOG is also called ARCHIVE. */
export const eventMask = { value: 1, log: 2, alarm: 4, property: 8 } as const;

/** Bits of ACCESS_RIGHTS. */
export const accessRight = { read: 1, write: 2 } as const;

/** The data type field of a search: answer only if the name is here, or say so also when it is not. */
export const searchReply = { dontReply: 5, doReply: 10 } as const;

/** In a search reply and a beacon: "the address that this datagram came from". */
export const senderAddress = 0xffffffff;

/** Bytes; before v4.9 a message's payload stops here (16 kB less the header). */
export const oldMaxPayload = 16368;
/** Bytes; the largest datagram that is sent, so that no fragment is needed on an Ethernet (caProto.h MAX_UDP_SEND). */
export const maxUdpSend = 1024;
/** Bytes; the cap on one payload where the user sets none. */
export const defaultMaxPayload = 2 ** 30;
/** Bytes; a PV name with its NUL in one message. */
export const maxNameBytes = 512;

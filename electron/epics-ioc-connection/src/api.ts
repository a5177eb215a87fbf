// The public shapes of client and server, the same idiom for every protocol. Classes that implement them live in ca/.
import type { Metadata, NativeType, Reading, Severity, AlarmStatus, Timestamp, PvValue, WritableValue } from './value';

export interface Disposable { dispose(): void }

/** Settings of one client. What is left out comes from `environment` (EPICS_CA_* names), then from the defaults of EPICS base. */
export interface CaClientOptions {
  /** `host` or `host:port`; UDP search goes to each. */
  addressList?: readonly string[];
  /** Also search on every interface's broadcast address. */
  autoAddressList?: boolean;
  /** TCP name servers, `host` or `host:port` (EPICS_CA_NAME_SERVERS). */
  nameServers?: readonly string[];
  serverPort?: number;
  /** UDP port of beacons (EPICS_CA_REPEATER_PORT, 5065). */
  repeaterPort?: number;
  /** Be this machine's CA repeater while none runs. Default: yes, unless only this machine is searched and the port is the usual one. */
  repeater?: boolean;
  /** Seconds without traffic until an echo is sent (EPICS_CA_CONN_TMO, 30). */
  connectionTimeout?: number;
  /** Seconds, the longest pause between two searches for one name (EPICS_CA_MAX_SEARCH_PERIOD, 300). */
  maxSearchPeriod?: number;
  /** Bytes, the largest payload accepted (default 1 GiB cap; EPICS_CA_MAX_ARRAY_BYTES only when auto is NO). */
  maxArrayBytes?: number;
  userName?: string;
  hostName?: string;
  environment?: Readonly<Record<string, string | undefined>>;
}

/** How a connection by TLS is secured (pvAccess alone has it). */
export interface TlsInfo {
  /** The common names of the server's certificate and of the authority that vouches for it. */
  readonly peer: string | null;
  readonly authority: string | null;
  /** How the server knows this client: only `x509` is proved, by the certificate in its keychain. */
  readonly method: 'x509' | 'ca' | 'anonymous';
}

/** `never` = not found yet since the channel was made; `disconnected` = had been connected, is searched for again. */
export type ChannelState = 'never' | 'connected' | 'disconnected' | 'closed';
export interface Access { readonly read: boolean; readonly write: boolean }

export interface ChannelInfo {
  readonly name: string;
  readonly type: NativeType;
  /** Elements, the largest count of the PV. */
  readonly count: number;
  readonly access: Access;
  /** `host:port` of the server's circuit. */
  readonly host: string;
  /** Milliseconds from the first search to the server's answer. */
  readonly searchTime: number;
  /** Other servers (`host:port`) that answered for the same name. */
  readonly duplicates: readonly string[];
  /** Protocol minor version of the server. */
  readonly minorVersion: number;
  /** Null: the connection is not secured. */
  readonly tls: TlsInfo | null;
}

export interface CallOptions {
  /** Seconds; 0 or left out: the client's default of 5 s. Includes the time to connect. */
  timeout?: number;
  signal?: AbortSignal;
}
export interface GetOptions extends CallOptions {
  /** `string`: an enum as the name of its state, a number as text. Channel Access: formatted by the IOC (DBR_STRING, with its precision); pvAccess: here, with all digits. */
  as?: 'native' | 'string';
  /** Elements; 0: as many as the server has just now. */
  count?: number;
  /** Limits, units and states as well. `Client`: default true, as `display`, `control` and `enum` of the sample. `CaClient`, `PvaClient`: default false, as `metadata` of the reading. */
  metadata?: boolean;
}
export interface PutOptions extends CallOptions {
  /**
   * Wait until the record has finished (put-callback). Without it Channel Access is done once the request is sent, and a refusal comes by `onWarning`;
   * pvAccess waits for the server's answer all the same, which says nothing of the record's end.
   */
  wait?: boolean;
}
export interface MonitorOptions {
  /** Channel Access: DBE mask, default value and alarm; `property` for changes of metadata. pvAccess: the server decides what it posts, and `property` alone gives only changes of metadata. */
  mask?: readonly ('value' | 'log' | 'alarm' | 'property')[];
  /** As of `GetOptions`. */
  count?: number;
  /** As of `GetOptions`. */
  as?: 'native' | 'string';
  /** As of `GetOptions`. */
  metadata?: boolean;
}

/** One PV of one client. Channels of one name and client share the wire. Survives reconnects: monitors are renewed by themselves. */
export interface Channel {
  readonly name: string;
  readonly state: ChannelState;
  readonly connected: boolean;
  readonly info: ChannelInfo | null;
  whenConnected(options?: CallOptions): Promise<ChannelInfo>;
  get(options?: GetOptions): Promise<Reading>;
  put(value: WritableValue, options?: PutOptions): Promise<void>;
  monitor(options: MonitorOptions, listener: (reading: Reading) => void): Disposable;
  onState(listener: (state: ChannelState, info: ChannelInfo | null) => void): Disposable;
  onAccess(listener: (access: Access) => void): Disposable;
  close(): void;
}

export interface ClientStatistics {
  channels: number; connected: number; circuits: number;
  searchesSent: number; datagramsSent: number; repliesReceived: number;
  bytesReceived: number; bytesSent: number; eventsReceived: number;
}

export interface ProtocolClient {
  channel(name: string, options?: { priority?: number }): Channel;
  readonly statistics: ClientStatistics;
  /** Something worth telling a user: a duplicate server, a refused circuit, bytes that break the protocol. */
  onWarning(listener: (warning: { code: string; message: string; pv?: string; host?: string }) => void): Disposable;
  close(): Promise<void>;
}

// --- server ---------------------------------------------------------------------------------------------------------

/** What a server PV holds now; what is left out of an `update` keeps its value. */
export interface ServerPvState {
  value: PvValue;
  severity: Severity;
  status: AlarmStatus;
  /** null: the server stamps it with now. */
  timestamp: Timestamp | null;
  metadata: Metadata;
}
/** How a client said who it is. */
export interface ClientIdentity {
  /** `x509`: proved by a certificate, and `user` is the name on it. `ca` and `anonymous` are the client's own word. */
  readonly method: 'x509' | 'ca' | 'anonymous';
  /** The common name of the authority that vouches for it; null but for `x509`. */
  readonly authority: string | null;
  /** The connection is by TLS. */
  readonly secured: boolean;
}

export interface WriteRequest {
  readonly value: PvValue;
  readonly user: string;
  readonly host: string;
  readonly identity: ClientIdentity;
  /** The client waits for completion (WRITE_NOTIFY). */
  readonly notify: boolean;
}

export interface ServerPvOptions {
  type: NativeType;
  /** Largest number of elements; 1: a scalar. Left out: as many as `initial` has. */
  count?: number;
  initial: PvValue;
  /** Such as `ai`: what Channel Access's DBR_CLASS_NAME answers. Without it that request is refused. */
  recordType?: string;
  /** What it is, for people (pvAccess: `display.description`). */
  description?: string;
  metadata?: Metadata;
  severity?: Severity;
  status?: AlarmStatus;
  /** May this client read, write? Default: read always, write when there is an `onWrite`. Ask again with `accessChanged()`. */
  access?: (user: string, host: string, identity: ClientIdentity) => Access;
  /** Called with the value converted to the PV's type. The promise's end completes a put-callback; a throw refuses it (Channel Access: ECA_PUTFAIL; pvAccess: with the error's text). The handler itself calls `update`. */
  onWrite?: (request: WriteRequest) => void | Promise<void>;
}
export interface ServerPv {
  readonly name: string;
  readonly state: Readonly<ServerPvState>;
  /**
   * Sets what is given, stamps it and posts to every monitor whose mask fits. A fraction goes over the wire cut towards zero where the type holds whole numbers; `state` keeps it.
   * Errors: `ValueError` BAD_TYPE, BAD_COUNT for a value that the PV cannot hold; nothing is set.
   */
  update(change: Partial<ServerPvState>): void;
  accessChanged(): void;
  remove(): void;
}
export interface ServerOptions {
  /** Interface to listen on; default 127.0.0.1. */
  host?: string;
  /** 0: a free port is taken; the UDP search port is the same unless `udpPort` is given. */
  port?: number;
  udpPort?: number;
  /** Where `port` is in use, any free one: clients are told by the search. */
  orAnyPort?: boolean;
  /** Bytes that one write may bring; default 64 MiB. A larger one is refused. */
  maxArrayBytes?: number;
  /** `host:port` to send beacons to; none by default. */
  beaconAddresses?: readonly string[];
}
export interface Server {
  readonly tcpPort: number;
  readonly udpPort: number;
  add(name: string, options: ServerPvOptions): ServerPv;
  /** Aliases such as `SIM:M1` for `SIM:M1.VAL`. */
  alias(alias: string, name: string): void;
  readonly names: readonly string[];
  /** Nothing new where it listens already. */
  listen(): Promise<void>;
  /** Also of a server that has just begun to listen: nothing of it is left open. */
  close(): Promise<void>;
}

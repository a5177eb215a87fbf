// What the network looks like from inside: four verbs a connection, three a datagram socket. Tests give their own.
import type { Keychain } from '../tls/keychain';
import type { TlsPeer } from '../tls/peer';

export interface ConnectionEvents {
  /** `peer`: whom TLS proved the server to be; by plain TCP nobody knows. */
  opened(peer?: TlsPeer | null): void;
  /** `chunk` is valid only during the call. `emptied`: there was nothing more to read; left out where that is not known. */
  received(chunk: Uint8Array, emptied?: boolean): void;
  /** Where the next bytes are wanted, so that a large value needs no copy; null: anywhere. */
  readInto?(): Uint8Array | null;
  /** Once, also when it never opened. `reason`: a short text for people. `refused`: TLS could not be agreed on. */
  closed(reason: string, refused?: boolean): void;
}
export interface Connection {
  /** The bytes now belong to the connection. */
  write(bytes: Uint8Array): void;
  pause(): void;
  resume(): void;
  /** At once; `closed` is not called any more. */
  destroy(): void;
}

export interface DatagramEvents {
  /** Bound to this port of its own. */
  opened?(port: number): void;
  received(bytes: Uint8Array, host: string, port: number): void;
  failed(reason: string): void;
}
export interface DatagramSocket {
  /** `host` is an IPv4 address. */
  send(bytes: Uint8Array, host: string, port: number): void;
  close(): void;
}

export interface Timer { cancel(): void }

/** Milliseconds of a steady clock, and timers on it. */
export interface Clock {
  now(): number;
  after(milliseconds: number, callback: () => void): Timer;
  /** Once what is under way has been done, before the next input. */
  soon(callback: () => void): void;
  /** After pending input was given its turn. */
  yieldTo(callback: () => void): void;
}

export interface Transport {
  readonly clock: Clock;
  /** `keychain`: by TLS, and by nothing else; null or left out: plain TCP. */
  connect(host: string, port: number, events: ConnectionEvents, keychain?: Keychain | null): Connection;
  openDatagrams(events: DatagramEvents): DatagramSocket;
  /** IPv4 address of a host name; an address is given back as it is. Rejects for an unknown host. */
  resolve(host: string): Promise<string>;
}

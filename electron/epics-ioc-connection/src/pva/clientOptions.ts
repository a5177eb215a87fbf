// Settings of a pvAccess client from options, EPICS_PVA_* variables and the defaults of EPICS, in this order. Pure.
import { parseHostPort } from '../ca/clientOptions';
import type { HostPort } from '../ca/clientOptions';
import { CaError } from '../ca/errors';
import { defaultBroadcastPort, defaultMaxPayload, defaultServerPort } from './protocol';

/** Settings of one client. What is left out comes from `environment` (EPICS_PVA_* names), then from the defaults of EPICS. */
export interface PvaClientOptions {
  /** `host` or `host:port`; UDP search goes to each (EPICS_PVA_ADDR_LIST). */
  addressList?: readonly string[];
  /** Also search on every interface's broadcast address (EPICS_PVA_AUTO_ADDR_LIST). */
  autoAddressList?: boolean;
  /** TCP name servers, `host` or `host:port` (EPICS_PVA_NAME_SERVERS). */
  nameServers?: readonly string[];
  /** UDP port of the servers' search (EPICS_PVA_BROADCAST_PORT, 5076). */
  broadcastPort?: number;
  /** TCP port of name servers that are given without one (EPICS_PVA_SERVER_PORT, 5075). */
  serverPort?: number;
  /** Seconds (EPICS_PVA_CONN_TMO, 30): an echo is sent every half of it, and a server that is silent for 4/3 of it is given up. */
  connectionTimeout?: number;
  /** Seconds, the longest pause between two searches for one name (default 300). */
  maxSearchPeriod?: number;
  /** Bytes, the largest message accepted (default 1 GiB). */
  maxMessageBytes?: number;
  /** What servers are told with the method `ca`. Not checked by anybody. */
  userName?: string;
  hostName?: string;
  environment?: Readonly<Record<string, string | undefined>>;
}

export interface PvaSettings {
  readonly addresses: readonly HostPort[];
  readonly autoAddresses: boolean;
  readonly nameServers: readonly HostPort[];
  readonly broadcastPort: number;
  /** Milliseconds. */
  readonly connectionTimeout: number;
  /** Milliseconds. */
  readonly maxSearchPeriod: number;
  /** Bytes. */
  readonly maxPayload: number;
  readonly userName: string;
  readonly hostName: string;
}

/** Throws CaError BAD_OPTION for a port or an address that cannot be. `self`: the process's own user and host names. */
export function readPvaSettings(options: PvaClientOptions, self: { userName: string; hostName: string }): PvaSettings {
  const env = options.environment ?? {};
  const broadcastPort = options.broadcastPort ?? envPort(env, 'EPICS_PVA_BROADCAST_PORT') ?? defaultBroadcastPort;
  const serverPort = options.serverPort ?? envPort(env, 'EPICS_PVA_SERVER_PORT') ?? defaultServerPort;
  const list = (given: readonly string[] | undefined, name: string, port: number): readonly HostPort[] =>
    (given ?? split(env[name])).map((text) => parseHostPort(text, port));
  const timeout = options.connectionTimeout ?? envNumber(env, 'EPICS_PVA_CONN_TMO') ?? 30;
  const period = options.maxSearchPeriod ?? 300;
  if (!(timeout > 0) || !(period > 0)) throw new CaError('BAD_OPTION', 'connectionTimeout and maxSearchPeriod must be greater than 0 s.');
  return {
    addresses: list(options.addressList, 'EPICS_PVA_ADDR_LIST', broadcastPort),
    autoAddresses: options.autoAddressList ?? !/^(no|0|false)$/i.test(env['EPICS_PVA_AUTO_ADDR_LIST']?.trim() ?? ''),
    nameServers: list(options.nameServers, 'EPICS_PVA_NAME_SERVERS', serverPort),
    broadcastPort,
    connectionTimeout: timeout * 1000,
    maxSearchPeriod: period * 1000,
    maxPayload: Math.min(options.maxMessageBytes ?? defaultMaxPayload, 0xffffffff),
    userName: options.userName ?? self.userName,
    hostName: options.hostName ?? self.hostName,
  };
}

function split(text: string | undefined): string[] {
  return (text ?? '').split(/[\s,]+/).filter((part) => part !== '');
}

function envPort(env: Readonly<Record<string, string | undefined>>, name: string): number | undefined {
  const port = envNumber(env, name);
  if (port !== undefined && (!Number.isInteger(port) || port < 1 || port > 65_535)) throw new CaError('BAD_OPTION', `${name} is "${env[name]}": it must be a port, 1 to 65535.`);
  return port;
}

function envNumber(env: Readonly<Record<string, string | undefined>>, name: string): number | undefined {
  const text = env[name]?.trim();
  if (text === undefined || text === '') return undefined;
  const number = Number(text);
  if (!Number.isFinite(number)) throw new CaError('BAD_OPTION', `${name} is "${text}": it must be a number.`);
  return number;
}

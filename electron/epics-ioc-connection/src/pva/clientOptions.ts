// Settings of a pvAccess client from options, EPICS_PVA_* variables and the defaults of EPICS, in this order. Pure.
import { addressTexts, parseHostPort, portOf } from '../ca/clientOptions';
import type { HostPort } from '../ca/clientOptions';
import { CaError } from '../ca/errors';
import type { KeychainSource } from '../tls/keychain';
import { defaultBroadcastPort, defaultMaxPayload, defaultServerPort, defaultTlsPort } from './protocol';

/** Settings of one client. What is left out comes from `environment` (EPICS_PVA_* names), then from the defaults of EPICS. */
export interface PvaClientOptions {
  /** `host` or `host:port`; UDP search goes to each (EPICS_PVA_ADDR_LIST). */
  addressList?: readonly string[];
  /** Also search on every interface's broadcast address (EPICS_PVA_AUTO_ADDR_LIST). */
  autoAddressList?: boolean;
  /** TCP name servers, `host` or `host:port`; by TLS `pvas://host` or `pvas://host:port` (EPICS_PVA_NAME_SERVERS). */
  nameServers?: readonly string[];
  /** UDP port of the servers' search (EPICS_PVA_BROADCAST_PORT, 5076). */
  broadcastPort?: number;
  /** TCP port of name servers that are given without one (EPICS_PVA_SERVER_PORT, 5075). */
  serverPort?: number;
  /** Seconds (EPICS_PVA_CONN_TMO, 30): an echo is sent every half of it, at least every 15 s, and a server that is silent for 4/3 of it is given up. */
  connectionTimeout?: number;
  /** Seconds, the longest pause between two searches for one name (default 300). */
  maxSearchPeriod?: number;
  /** Bytes, the largest message accepted (default 1 GiB). */
  maxMessageBytes?: number;
  /** TLS ("secure PVA"), with servers that offer it; false: never, whatever the variables say. */
  tls?: PvaTlsOptions | false;
  /** What servers are told with the method `ca`. Not checked by anybody. */
  userName?: string;
  hostName?: string;
  environment?: Readonly<Record<string, string | undefined>>;
}

export interface PvaTlsOptions {
  /** A PKCS#12 file: `path`, `path;password`, or what is in it (EPICS_PVA_TLS_KEYCHAIN). It says whom to trust, and may hold a certificate of one's own. */
  keychain?: string | Uint8Array;
  password?: string;
  /** Nothing by plain TCP, also where a server offers no TLS. Default false. */
  required?: boolean;
}

/** `secured`: by TLS. */
export interface ServerAddress extends HostPort { readonly secured: boolean }
export interface TlsSettings extends KeychainSource { readonly required: boolean }

export interface PvaSettings {
  readonly addresses: readonly HostPort[];
  readonly autoAddresses: boolean;
  readonly nameServers: readonly ServerAddress[];
  /** Null: plain TCP alone. */
  readonly tls: TlsSettings | null;
  /** What servers are asked for, the preferred one first. */
  readonly protocols: readonly string[];
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
  const broadcastPort = portOf(options.broadcastPort, env, 'EPICS_PVA_BROADCAST_PORT', defaultBroadcastPort);
  const serverPort = portOf(options.serverPort, env, 'EPICS_PVA_SERVER_PORT', defaultServerPort);
  const list = (given: readonly string[] | undefined, name: string, port: number): readonly HostPort[] =>
    addressTexts(given, env[name]).map((text) => parseHostPort(text, port));
  const timeout = options.connectionTimeout ?? envNumber(env, 'EPICS_PVA_CONN_TMO') ?? 30;
  const period = options.maxSearchPeriod ?? 300;
  const tls = tlsSettings(options.tls, env);
  const nameServers = addressTexts(options.nameServers, env['EPICS_PVA_NAME_SERVERS']).map((text) => nameServer(text, serverPort, env));
  if (!tls && nameServers.some(({ secured }) => secured)) throw new CaError('BAD_OPTION', 'A name server by TLS (pvas://) needs a keychain: set EPICS_PVA_TLS_KEYCHAIN.');
  if (!(timeout > 0) || !(period > 0)) throw new CaError('BAD_OPTION', 'connectionTimeout and maxSearchPeriod must be greater than 0 s.');
  return {
    addresses: list(options.addressList, 'EPICS_PVA_ADDR_LIST', broadcastPort),
    autoAddresses: options.autoAddressList ?? !/^(no|0|false)$/i.test(env['EPICS_PVA_AUTO_ADDR_LIST']?.trim() ?? ''),
    nameServers,
    tls,
    protocols: tls ? ['tls', 'tcp'] : ['tcp'],
    broadcastPort,
    connectionTimeout: timeout * 1000,
    maxSearchPeriod: period * 1000,
    maxPayload: Math.min(options.maxMessageBytes ?? defaultMaxPayload, 0xffffffff),
    userName: options.userName ?? self.userName,
    hostName: options.hostName ?? self.hostName,
  };
}

function tlsSettings(options: PvaTlsOptions | false | undefined, env: Readonly<Record<string, string | undefined>>): TlsSettings | null {
  if (options === false) return null;
  const { password, required = false } = options ?? {};
  const named = env['EPICS_PVA_TLS_KEYCHAIN'] ?? '';
  const keychain = options?.keychain ?? (named.trim() === '' ? '' : named);
  if (keychain.length > 0) return { keychain, password, required };
  if (required) throw new CaError('BAD_OPTION', 'TLS is required and there is no keychain: set EPICS_PVA_TLS_KEYCHAIN, or the option tls.keychain, to a PKCS#12 file.');
  return null;
}

/** `pvas://` is TLS, `pva://` or nothing plain TCP. */
function nameServer(text: string, serverPort: number, env: Readonly<Record<string, string | undefined>>): ServerAddress {
  const [, scheme, address = ''] = /^(?:(pvas?):\/\/)?(.*?)\/?$/.exec(text) ?? [];
  const secured = scheme === 'pvas';
  return { ...parseHostPort(address, secured ? portOf(undefined, env, 'EPICS_PVAS_TLS_PORT', defaultTlsPort) : serverPort), secured };
}

function envNumber(env: Readonly<Record<string, string | undefined>>, name: string): number | undefined {
  const text = env[name]?.trim();
  if (text === undefined || text === '') return undefined;
  const number = Number(text);
  if (!Number.isFinite(number)) throw new CaError('BAD_OPTION', `${name} is "${text}": it must be a number.`);
  return number;
}

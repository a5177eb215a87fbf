// Settings of a client from options, EPICS_CA_* variables and the defaults of EPICS base, in this order. Pure.
import type { CaClientOptions } from '../api';
import { defaultMaxPayload, defaultRepeaterPort, defaultServerPort } from './protocol/commands';
import { CaError } from './errors';

export interface HostPort { readonly host: string; readonly port: number }

export interface ClientSettings {
  readonly addresses: readonly HostPort[];
  readonly autoAddresses: boolean;
  readonly nameServers: readonly HostPort[];
  readonly serverPort: number;
  readonly repeaterPort: number;
  /** Where this client listens for beacons on behalf of this machine if no repeater runs; null: it does not. */
  readonly repeaterHost: string | null;
  /** Milliseconds. */
  readonly connectionTimeout: number;
  /** Milliseconds. */
  readonly maxSearchPeriod: number;
  /** Bytes. */
  readonly maxPayload: number;
  readonly userName: string;
  readonly hostName: string;
}

/** libca's lower limit of EPICS_CA_MAX_SEARCH_PERIOD, s. */
const leastSearchPeriod = 60;

/** Throws CaError BAD_OPTION for a port or an address that cannot be. `self`: the process's own user and host names. */
export function readSettings(options: CaClientOptions, self: { userName: string; hostName: string }): ClientSettings {
  const env = options.environment ?? {};
  const serverPort = portOf(options.serverPort, env, 'EPICS_CA_SERVER_PORT', defaultServerPort);
  const list = (given: readonly string[] | undefined, name: string): readonly HostPort[] =>
    addressTexts(given, env[name]).map((text) => parseHostPort(text, serverPort));
  const ownArrayLimit = /^no$/i.test(env['EPICS_CA_AUTO_ARRAY_BYTES']?.trim() ?? '') ? envNumber(env, 'EPICS_CA_MAX_ARRAY_BYTES') : undefined;
  const addresses = list(options.addressList, 'EPICS_CA_ADDR_LIST');
  const autoAddresses = options.autoAddressList ?? !/^no$/i.test(env['EPICS_CA_AUTO_ADDR_LIST']?.trim() ?? '');
  const repeaterPort = portOf(options.repeaterPort, env, 'EPICS_CA_REPEATER_PORT', defaultRepeaterPort);
  const envPeriod = envNumber(env, 'EPICS_CA_MAX_SEARCH_PERIOD');
  return {
    addresses,
    autoAddresses,
    nameServers: list(options.nameServers, 'EPICS_CA_NAME_SERVERS'),
    serverPort,
    repeaterPort,
    repeaterHost: repeaterHost(options.repeater, repeaterPort, !autoAddresses && addresses.every(({ host }) => isLoopback(host))),
    connectionTimeout: 1000 * positive(options.connectionTimeout ?? envNumber(env, 'EPICS_CA_CONN_TMO') ?? 30),
    maxSearchPeriod: 1000 * positive(options.maxSearchPeriod ?? (envPeriod === undefined ? 300 : Math.max(envPeriod, leastSearchPeriod))),
    maxPayload: Math.min(options.maxArrayBytes ?? ownArrayLimit ?? defaultMaxPayload, 0xffffffff),
    userName: options.userName ?? self.userName,
    hostName: options.hostName ?? self.hostName,
  };
}

/**
 * A client of this machine's own servers alone listens on loopback, and not on the usual port: that one belongs to a repeater that hears
 * the network, which the other programs of this machine rely on.
 */
function repeaterHost(wanted: boolean | undefined, port: number, loopbackOnly: boolean): string | null {
  if (wanted === false || (wanted === undefined && loopbackOnly && port === defaultRepeaterPort)) return null;
  return loopbackOnly ? '127.0.0.1' : '0.0.0.0';
}

function isLoopback(host: string): boolean {
  return host.startsWith('127.') || host === 'localhost';
}

/** `host` or `host:port`. */
export function parseHostPort(text: string, defaultPort: number): HostPort {
  const [host = '', port, ...rest] = text.split(':');
  const number = port === undefined ? defaultPort : Number(port);
  if (host === '' || rest.length > 0 || !isPort(number)) {
    throw new CaError('BAD_OPTION', `"${text}" is not an address: write HOST or HOST:PORT, for example 192.168.1.255:5064.`);
  }
  return { host, port: number };
}

/** The one that is given, that of the variable, or the usual one. Errors: `CaError` BAD_OPTION. */
export function portOf(given: number | undefined, env: Readonly<Record<string, string | undefined>>, name: string, usual: number): number {
  const port = given ?? envNumber(env, name) ?? usual;
  if (!isPort(port)) throw new CaError('BAD_OPTION', `${given === undefined ? `${name} is "${env[name] ?? ''}"` : `The option that goes before ${name} is ${given}`}: it must be a port, 1 to 65535.`);
  return port;
}

function isPort(number: number): boolean {
  return Number.isInteger(number) && number >= 1 && number <= 65_535;
}

/** The list that is given, or the variable's. Errors: `CaError` BAD_OPTION. */
export function addressTexts(given: readonly string[] | undefined, variable: string | undefined): readonly string[] {
  if (given === undefined) return (variable ?? '').split(/[\s,]+/).filter((part) => part !== '');
  if (Array.isArray(given) && given.every((text) => typeof text === 'string')) return given;
  throw new CaError('BAD_OPTION', `A list of addresses is an array of texts, for example ['192.168.1.255:5064'], not ${typeof given === 'string' ? `the text "${String(given)}"` : 'this'}.`);
}

function envNumber(env: Readonly<Record<string, string | undefined>>, name: string): number | undefined {
  const text = env[name]?.trim();
  if (text === undefined || text === '') return undefined;
  const number = Number(text);
  if (!Number.isFinite(number) || number < 0) throw new CaError('BAD_OPTION', `${name} is "${text}": it must be a number.`);
  return number;
}

function positive(seconds: number): number {
  if (seconds > 0) return seconds;
  throw new CaError('BAD_OPTION', `A time of ${seconds} s makes no sense here: it must be greater than 0.`);
}

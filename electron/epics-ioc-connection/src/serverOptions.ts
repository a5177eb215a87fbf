// Options of the servers from the variables that the servers of EPICS base take theirs from: EPICS_CAS_*, EPICS_PVAS_*, and the clients' where those are left out.
import type { ServerOptions } from './api';
import { parseHostPort } from './ca/clientOptions';
import { defaultRepeaterPort, defaultServerPort } from './ca/protocol/commands';
import { CaError } from './ca/errors';
import { defaultBroadcastPort, defaultServerPort as defaultPvaPort } from './pva/protocol';
import { broadcastAddresses } from './transport/interfaces';

type Environment = Readonly<Record<string, string | undefined>>;
const everyAddress = '0.0.0.0';

/**
 * For a `CaServer` that takes part in the machine's network as an IOC does: EPICS_CAS_INTF_ADDR_LIST (one address; without it all of the machine),
 * EPICS_CAS_SERVER_PORT, EPICS_CAS_BEACON_ADDR_LIST, EPICS_CAS_AUTO_BEACON_ADDR_LIST, EPICS_CAS_BEACON_PORT. Errors: `CaError` BAD_OPTION.
 */
export function caServerOptions(environment: Environment = process.env): ServerOptions {
  const port = portOf(environment, ['EPICS_CAS_SERVER_PORT', 'EPICS_CA_SERVER_PORT'], defaultServerPort);
  return {
    host: interfaceOf(environment, 'EPICS_CAS_INTF_ADDR_LIST'), port, udpPort: port, orAnyPort: true,
    beaconAddresses: beaconsOf(environment, ['EPICS_CAS_BEACON_ADDR_LIST', 'EPICS_CA_ADDR_LIST'], ['EPICS_CAS_AUTO_BEACON_ADDR_LIST', 'EPICS_CA_AUTO_ADDR_LIST'],
      portOf(environment, ['EPICS_CAS_BEACON_PORT', 'EPICS_CA_REPEATER_PORT'], defaultRepeaterPort) || defaultRepeaterPort),
  };
}

/** For a `PvaServer`: EPICS_PVAS_INTF_ADDR_LIST, EPICS_PVAS_SERVER_PORT, EPICS_PVAS_BROADCAST_PORT, EPICS_PVAS_BEACON_ADDR_LIST, EPICS_PVAS_AUTO_BEACON_ADDR_LIST. Errors: `CaError` BAD_OPTION. */
export function pvaServerOptions(environment: Environment = process.env): ServerOptions {
  const udpPort = portOf(environment, ['EPICS_PVAS_BROADCAST_PORT', 'EPICS_PVA_BROADCAST_PORT'], defaultBroadcastPort);
  return {
    host: interfaceOf(environment, 'EPICS_PVAS_INTF_ADDR_LIST'), port: portOf(environment, ['EPICS_PVAS_SERVER_PORT', 'EPICS_PVA_SERVER_PORT'], defaultPvaPort), udpPort,
    orAnyPort: true,
    beaconAddresses: beaconsOf(environment, ['EPICS_PVAS_BEACON_ADDR_LIST', 'EPICS_PVA_ADDR_LIST'], ['EPICS_PVAS_AUTO_BEACON_ADDR_LIST', 'EPICS_PVA_AUTO_ADDR_LIST'], udpPort || defaultBroadcastPort),
  };
}

/** Of the first variable that says anything. */
function textOf(environment: Environment, names: readonly string[]): { readonly name: string; readonly text: string } | null {
  for (const name of names) {
    const text = environment[name]?.trim();
    if (text) return { name, text };
  }
  return null;
}

function portOf(environment: Environment, names: readonly string[], otherwise: number): number {
  const found = textOf(environment, names);
  const port = found ? Number(found.text) : otherwise;
  if (found && (!Number.isInteger(port) || port < 0 || port > 65_535)) throw new CaError('BAD_OPTION', `${found.name} is "${found.text}": it must be a port, 0 to 65535.`);
  return port;
}

function interfaceOf(environment: Environment, name: string): string {
  const list = (environment[name] ?? '').split(/[\s,]+/).filter((address) => address !== '');
  if (list.length > 1) throw new CaError('BAD_OPTION', `${name} names ${list.length} addresses: a server listens on one, or on all of them where the variable is left out.`);
  return (list[0] ?? everyAddress).replace(/:\d+$/, '');
}

function beaconsOf(environment: Environment, lists: readonly string[], automatic: readonly string[], port: number): string[] {
  const given = (textOf(environment, lists)?.text ?? '').split(/[\s,]+/).filter((address) => address !== '');
  const own = /^(no|0|false)$/i.test(textOf(environment, automatic)?.text ?? '') ? [] : broadcastAddresses();
  return [...new Set([...given, ...own].map((address) => parseHostPort(address, port)).map((address) => `${address.host}:${address.port}`))];
}

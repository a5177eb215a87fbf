// What a profile means for PVs: the client's settings, the limits on writes, the names to offer.
import type { CaClientOptions, PvaClientOptions } from 'epics-ioc-connection';
import type { Profile } from '@shared/profile';

export interface KnownName { readonly pv: string; readonly description?: string }
export interface PvNetwork {
  readonly profile: string;
  readonly simulation: boolean;
  readonly client: CaClientOptions;
  readonly pva: PvaClientOptions;
  readonly limits: Profile['limits'];
  /** Offered where a PV is typed. */
  readonly names: readonly KnownName[];
}

export interface NetworkProfile { readonly kind: 'simulation' | 'environment' | 'file'; readonly profile: Profile }
/** The running simulation, on 127.0.0.1; `names` from the simulation's own list; without `pvaBroadcastPort` nothing is searched for by pvAccess. */
export interface SimulationPorts {
  readonly caPort: number; readonly udpPort: number; readonly pvaPort?: number; readonly pvaBroadcastPort?: number; readonly names?: readonly KnownName[];
}

/**
 * The network of a profile. Errors: a RangeError when the simulation's profile is given without a running simulation:
 * it must never search anywhere else.
 */
export function networkOf(active: NetworkProfile, environment: Readonly<Record<string, string | undefined>>, simulation?: SimulationPorts): PvNetwork {
  const { profile, kind } = active;
  const devices = profile.devices.map((device) => ({ pv: device.pv, description: device.description ?? `${device.kind} ${device.name}` }));
  const shared = { profile: profile.name, simulation: kind === 'simulation', limits: profile.limits };
  if (kind === 'simulation') {
    if (!simulation) throw new RangeError('The simulation profile needs the simulation\'s ports.');
    return { ...shared, client: simulationClient(simulation), pva: simulationPvaClient(simulation), names: [...devices, ...simulation.names ?? []] };
  }
  if (kind === 'environment') return { ...shared, client: { environment }, pva: { environment }, names: devices };
  return { ...shared, client: fileClient(profile), pva: filePvaClient(profile), names: devices };
}

/** Searches the simulation on loopback and nowhere else. */
function simulationClient(ports: SimulationPorts): CaClientOptions {
  return {
    environment: {}, addressList: [`127.0.0.1:${ports.udpPort}`], autoAddressList: false, nameServers: [],
    serverPort: ports.caPort, connectionTimeout: 30, maxSearchPeriod: 5,
  };
}

function fileClient(profile: Profile): CaClientOptions {
  const ca = profile.ca;
  // An empty list, not none: what is said of it then is that of the profile, not of a variable.
  if (!ca) return { environment: {}, addressList: [], autoAddressList: true };
  return {
    environment: {}, addressList: ca.addresses, autoAddressList: ca.autoAddresses, nameServers: ca.nameServers,
    serverPort: ca.serverPort, repeaterPort: ca.repeaterPort, connectionTimeout: ca.connectionTimeout, maxSearchPeriod: ca.maxSearchPeriod,
  };
}

function simulationPvaClient(ports: SimulationPorts): PvaClientOptions {
  const port = ports.pvaBroadcastPort;
  return {
    environment: {}, addressList: port === undefined ? [] : [`127.0.0.1:${port}`], autoAddressList: false, nameServers: [],
    ...(port === undefined ? {} : { broadcastPort: port }), ...(ports.pvaPort === undefined ? {} : { serverPort: ports.pvaPort }), maxSearchPeriod: 5,
  };
}

function filePvaClient(profile: Profile): PvaClientOptions {
  const { pva } = profile;
  if (!pva) return { environment: {}, addressList: [], autoAddressList: true };
  return { environment: {}, addressList: pva.addresses, autoAddressList: pva.autoAddresses, nameServers: pva.nameServers, broadcastPort: pva.broadcastPort };
}

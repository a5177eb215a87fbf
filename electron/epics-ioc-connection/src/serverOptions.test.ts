// Servers with the settings of EPICS base's servers.
import { describe, expect, it } from 'vitest';
import { CaServer, caServerOptions, Client, PvaServer, pvaServerOptions } from './index';

describe.each([['CAS', 'CA', caServerOptions, 'SERVER_PORT', 'REPEATER_PORT'], ['PVAS', 'PVA', pvaServerOptions, 'SERVER_PORT', 'BROADCAST_PORT']] as const)('EPICS_%s_*', (server, client, read, tcp, beacon) => {
  it('go before the clients\' variables', () => {
    const clients = { [`EPICS_${client}_ADDR_LIST`]: '10.0.0.1 10.0.0.2:7', [`EPICS_${client}_AUTO_ADDR_LIST`]: 'NO', [`EPICS_${client}_${tcp}`]: '6000', [`EPICS_${client}_${beacon}`]: '6001' };
    expect(read(clients)).toEqual({ host: '0.0.0.0', port: 6000, udpPort: client === 'CA' ? 6000 : 6001, orAnyPort: true, beaconAddresses: ['10.0.0.1:6001', '10.0.0.2:7'] });
    const servers = {
      [`EPICS_${server}_INTF_ADDR_LIST`]: '127.0.0.1', [`EPICS_${server}_SERVER_PORT`]: '7000', [`EPICS_${server}_BEACON_ADDR_LIST`]: '127.0.0.1',
      ...(server === 'CAS' ? { EPICS_CAS_BEACON_PORT: '7001' } : { EPICS_PVAS_BROADCAST_PORT: '7001' }),
    };
    expect(read({ ...clients, ...servers })).toEqual({ host: '127.0.0.1', port: 7000, udpPort: server === 'CAS' ? 7000 : 7001, orAnyPort: true, beaconAddresses: ['127.0.0.1:7001'] });
  });

  it('left out, the server is as any of EPICS base; what cannot be is refused', () => {
    const { host, port, udpPort, beaconAddresses } = read({});
    expect([host, port, udpPort]).toEqual(['0.0.0.0', client === 'CA' ? 5064 : 5075, client === 'CA' ? 5064 : 5076]);
    expect(beaconAddresses!.length).toBeGreaterThan(0);
    expect(() => read({ [`EPICS_${server}_SERVER_PORT`]: 'many' })).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }) as Error);
    expect(() => read({ [`EPICS_${server}_INTF_ADDR_LIST`]: '10.0.0.1 10.0.0.2' })).toThrow('names 2 addresses');
    expect(() => read({ [`EPICS_${server}_BEACON_ADDR_LIST`]: '10.0.0.1:70000' })).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }) as Error);
    // Any free port is one to listen on, and none to send to.
    const anyPort = { [`EPICS_${server}_${server === 'CAS' ? 'BEACON' : 'BROADCAST'}_PORT`]: '0', [`EPICS_${server}_AUTO_BEACON_ADDR_LIST`]: 'NO', [`EPICS_${server}_BEACON_ADDR_LIST`]: '10.0.0.1' };
    expect(read(anyPort).beaconAddresses).toEqual([`10.0.0.1:${client === 'CA' ? 5065 : 5076}`]);
  });
});

it('a second server of a machine takes another TCP port, and both are found on the one port of searches', async () => {
  const first = { ca: new CaServer(), pva: new PvaServer() };
  await Promise.all([first.ca.listen(), first.pva.listen()]);
  const [caPort, pvaPort] = [first.ca.tcpPort, first.pva.tcpPort];
  await first.ca.close();
  const environment = {
    EPICS_CAS_INTF_ADDR_LIST: '0.0.0.0', EPICS_CAS_SERVER_PORT: String(caPort), EPICS_CAS_AUTO_BEACON_ADDR_LIST: 'NO',
    EPICS_PVAS_INTF_ADDR_LIST: '127.0.0.1', EPICS_PVAS_SERVER_PORT: String(pvaPort), EPICS_PVAS_BROADCAST_PORT: String(first.pva.udpPort), EPICS_PVAS_AUTO_BEACON_ADDR_LIST: 'NO',
    EPICS_CA_ADDR_LIST: `127.255.255.255:${caPort}`, EPICS_CA_AUTO_ADDR_LIST: 'NO', EPICS_PVA_ADDR_LIST: `127.0.0.1:${first.pva.udpPort}`, EPICS_PVA_AUTO_ADDR_LIST: 'NO',
  };
  const servers = [new CaServer({ ...caServerOptions(environment), beaconAddresses: [] }), new CaServer({ ...caServerOptions(environment), beaconAddresses: [] }),
    new PvaServer({ ...pvaServerOptions(environment), beaconAddresses: [] }), new PvaServer({ ...pvaServerOptions(environment), beaconAddresses: [] })];
  servers.forEach((server, i) => server.add(`PV:${i}`, { type: 'LONG', initial: i }));
  for (const server of servers) await server.listen();
  try {
    expect(servers.map(({ tcpPort }) => tcpPort)[0]).toBe(caPort);
    expect(new Set(servers.map(({ tcpPort }) => tcpPort)).size).toBe(4);
    await using client = new Client({ environment });
    for (const i of [0, 1]) expect((await client.channel(`ca://PV:${i}`).get()).value).toBe(i);
    for (const i of [2, 3]) expect((await client.channel(`pva://PV:${i}`).get()).value).toBe(i);
  } finally {
    await Promise.all([first.pva, ...servers].map((server) => server.close()));
  }
});

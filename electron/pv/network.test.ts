import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { profileSchema } from '@shared/profile';
import { networkOf } from './network';
import { findNames } from './pvRoom';

const profile = v.parse(profileSchema, { name: 'hall 3', ca: { addresses: ['10.1.2.255', 'gw:5070'], serverPort: 5066 }, devices: [{ name: 'th', kind: 'motor', pv: 'H3:M1' }] });

describe('the network of a profile', () => {
  it('of the simulation is this machine and nothing else', () => {
    const { client, simulation } = networkOf({ kind: 'simulation', profile }, { EPICS_CA_ADDR_LIST: '10.0.0.255' }, { caPort: 4000, udpPort: 4001 });
    expect(simulation).toBe(true);
    expect(client).toMatchObject({ addressList: ['127.0.0.1:4001'], autoAddressList: false, nameServers: [], serverPort: 4000, environment: {} });
  });

  it('of the simulation is this machine and nothing else by pvAccess too', () => {
    const at = (ports: object) => networkOf({ kind: 'simulation', profile }, { EPICS_PVA_ADDR_LIST: '10.0.0.255' }, { caPort: 4000, udpPort: 4001, ...ports }).pva;
    expect(at({ pvaPort: 4002, pvaBroadcastPort: 4003 })).toMatchObject({ addressList: ['127.0.0.1:4003'], autoAddressList: false, nameServers: [], serverPort: 4002, environment: {} });
    expect(at({})).toMatchObject({ addressList: [], autoAddressList: false, nameServers: [], environment: {} });
  });

  it('of a file by pvAccess is the file\'s, of the variables is left to the client', () => {
    const own = v.parse(profileSchema, { name: 'hall 4', pva: { addresses: ['10.1.2.255'], nameServers: ['gw'] } });
    expect(networkOf({ kind: 'file', profile: own }, { EPICS_PVA_ADDR_LIST: '10.0.0.255' }).pva).toEqual({
      environment: {}, addressList: ['10.1.2.255'], autoAddressList: false, nameServers: ['gw'], broadcastPort: 5076,
    });
    const environment = { EPICS_PVA_ADDR_LIST: '10.0.0.255' };
    expect(networkOf({ kind: 'environment', profile: own }, environment).pva).toEqual({ environment });
  });

  it('of the simulation is refused without its ports', () => {
    expect(() => networkOf({ kind: 'simulation', profile }, {})).toThrow(RangeError);
  });

  it('of the variables is left to the client', () => {
    const environment = { EPICS_CA_ADDR_LIST: '10.0.0.255' };
    expect(networkOf({ kind: 'environment', profile }, environment).client).toEqual({ environment });
  });

  it('of a file is the file\'s, whatever the variables say', () => {
    const { client, names } = networkOf({ kind: 'file', profile }, { EPICS_CA_ADDR_LIST: '10.0.0.255' });
    expect(client).toEqual({
      environment: {}, addressList: ['10.1.2.255', 'gw:5070'], autoAddressList: false, nameServers: [], serverPort: 5066,
      repeaterPort: 5065, connectionTimeout: 30, maxSearchPeriod: 300,
    });
    expect(names).toEqual([{ pv: 'H3:M1', description: 'motor th' }]);
  });
});

describe('names to offer', () => {
  const names = [{ pv: 'SIM:M10' }, { pv: 'M1:SIM' }, { pv: 'SIM:M1', description: 'sample horizontal' }, { pv: 'SIM:M1' }];
  it('contain the text in any case, those that begin with it first, each once', () => {
    expect(findNames(names, 'm1', 10).map(({ pv }) => pv)).toEqual(['M1:SIM', 'SIM:M10', 'SIM:M1']);
    expect(findNames(names, 'SAMPLE', 10)).toEqual([{ pv: 'SIM:M1', description: 'sample horizontal' }]);
    expect(findNames(names, '', 2)).toHaveLength(2);
  });
});

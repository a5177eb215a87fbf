import { describe, expect, it } from 'vitest';
import { parseHostPort, readSettings } from './clientOptions';

const self = { userName: 'anna', hostName: 'desk' };

describe('CA 25: settings of a client', () => {
  it('are those of EPICS base where nothing is given', () => {
    expect(readSettings({}, self)).toEqual({
      addresses: [], autoAddresses: true, nameServers: [], serverPort: 5064, repeaterPort: 5065, repeaterHost: '0.0.0.0', connectionTimeout: 30_000,
      maxSearchPeriod: 300_000, maxPayload: 2 ** 30, userName: 'anna', hostName: 'desk',
    });
  });

  it('come from the environment, and options go before', () => {
    const environment = {
      EPICS_CA_ADDR_LIST: '10.0.0.255 ioc7:6000', EPICS_CA_AUTO_ADDR_LIST: 'no', EPICS_CA_NAME_SERVERS: 'names', EPICS_CA_SERVER_PORT: '7000',
      EPICS_CA_REPEATER_PORT: '7001', EPICS_CA_CONN_TMO: '2.5', EPICS_CA_MAX_SEARCH_PERIOD: '10', EPICS_CA_MAX_ARRAY_BYTES: '16384',
    };
    expect(readSettings({ environment }, self)).toMatchObject({
      addresses: [{ host: '10.0.0.255', port: 7000 }, { host: 'ioc7', port: 6000 }], autoAddresses: false, nameServers: [{ host: 'names', port: 7000 }],
      serverPort: 7000, repeaterPort: 7001, connectionTimeout: 2500, maxSearchPeriod: 60_000, maxPayload: 2 ** 30,
    });
    expect(readSettings({ environment: { ...environment, EPICS_CA_AUTO_ARRAY_BYTES: 'NO' } }, self).maxPayload).toBe(16384);
    expect(readSettings({ environment, addressList: ['a:1'], autoAddressList: true, connectionTimeout: 1, maxSearchPeriod: 1, userName: 'eve' }, self))
      .toMatchObject({ addresses: [{ host: 'a', port: 1 }], autoAddresses: true, connectionTimeout: 1000, maxSearchPeriod: 1000, userName: 'eve' });
  });

  it.each([['', /not an address/], ['a:b', /not an address/], ['a:0', /not an address/], ['a:1:2', /not an address/]])('refuse the address "%s"', (address, message) => {
    expect(() => parseHostPort(address, 5064)).toThrow(message);
  });

  it.each([
    [{ addressList: ['127.0.0.1:6000'], autoAddressList: false }, null],
    [{ addressList: ['127.0.0.1:6000', 'localhost'], autoAddressList: false, repeaterPort: 7001 }, '127.0.0.1'],
    [{ addressList: ['127.0.0.1:6000'], autoAddressList: false, repeater: true }, '127.0.0.1'],
    [{ addressList: ['10.0.0.255'], autoAddressList: false }, '0.0.0.0'],
    [{ repeater: false }, null],
  ])('%j: the repeater listens on %s', (options, host) => {
    expect(readSettings(options, self).repeaterHost).toBe(host);
  });

  it('refuse numbers that are none', () => {
    expect(() => readSettings({ environment: { EPICS_CA_CONN_TMO: 'soon' } }, self)).toThrow(/EPICS_CA_CONN_TMO is "soon"/);
    expect(() => readSettings({ connectionTimeout: 0 }, self)).toThrow(/greater than 0/);
    // A datagram to such a port would end the program.
    for (const port of [0, 70_000, 5064.5]) {
      for (const [option, name] of [['serverPort', 'EPICS_CA_SERVER_PORT'], ['repeaterPort', 'EPICS_CA_REPEATER_PORT']] as const) {
        expect(() => readSettings({ [option]: port }, self)).toThrow(`The option that goes before ${name} is ${port}: it must be a port, 1 to 65535.`);
        expect(() => readSettings({ environment: { [name]: String(port) } }, self)).toThrow(`${name} is "${port}": it must be a port, 1 to 65535.`);
      }
    }
  });
});

// Where searches go: the list, names looked up, and the broadcast address of every network that this machine is on (EPICS_CA_AUTO_ADDR_LIST).
import { networkInterfaces } from 'node:os';
import { expect, it } from 'vitest';
import { MemoryNetwork } from '../transport/memory';
import { addressTowards, broadcastAddresses } from '../transport/interfaces';
import { resolveTargets } from './searchTargets';

const numberOf = (address: string): bigint => address.split('.').reduce((number, part) => number * 256n + BigInt(part), 0n);
const networks = Object.values(networkInterfaces()).flatMap((list) => list ?? []).filter(({ family, internal }) => family === 'IPv4' && !internal);

it('the broadcast addresses are the last ones of each network, loopback only where there is no other', () => {
  const expected = networks.map(({ address, netmask }) => numberOf(address) | (numberOf(netmask) ^ 0xffffffffn));
  expect(new Set(broadcastAddresses().map(numberOf))).toEqual(new Set(expected.length > 0 ? expected : [numberOf('127.0.0.1')]));
});

it('the list goes first, each address once; a name that nobody knows is told', async () => {
  const unknown: string[] = [];
  let found: readonly string[] = [];
  await resolveTargets({ addresses: [{ host: '10.0.0.1', port: 5064 }, { host: 'nowhere', port: 5064 }, { host: '10.0.0.1', port: 5064 }, { host: '10.0.0.1', port: 6000 }], autoPort: 5064 },
    new MemoryNetwork(), (host) => unknown.push(host), (targets) => { found = targets.map(({ host, port }) => `${host}:${port}`); });
  expect([found, unknown]).toEqual([['10.0.0.1:5064', '10.0.0.1:6000', ...broadcastAddresses().map((host) => `${host}:5064`)], ['nowhere']]);
});

it('the own address towards a host is that of its network', () => {
  expect([addressTowards('127.0.0.1'), addressTowards('127.3.2.1')]).toEqual(['127.0.0.1', '127.0.0.1']);
  for (const { address } of networks) expect(networks.map((each) => each.address)).toContain(addressTowards(address));
});

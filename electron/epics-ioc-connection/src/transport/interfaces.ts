// Addresses of this machine: those of its broadcasts (EPICS_CA_AUTO_ADDR_LIST), and its own.
import { networkInterfaces } from 'node:os';

/** One IPv4 broadcast address per interface; loopback only where there is nothing else, as libca does. */
export function broadcastAddresses(): string[] {
  const found = new Set<string>();
  for (const list of Object.values(networkInterfaces())) {
    for (const address of list ?? []) {
      if (address.internal || address.family !== 'IPv4') continue;
      const ip = address.address.split('.').map(Number);
      const mask = address.netmask.split('.').map(Number);
      found.add(ip.map((part, i) => (part | (~(mask[i] ?? 255) & 255)) & 255).join('.'));
    }
  }
  return found.size > 0 ? [...found] : ['127.0.0.1'];
}

/** This machine's own address on the network of `host`, the one that it is most likely spoken to by from there; null where there is none. */
export function addressTowards(host: string): string | null {
  const network = (address: string, netmask: string): string => address.split('.').map((part, i) => Number(part) & Number(netmask.split('.')[i])).join('.');
  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []).filter(({ family }) => family === 'IPv4');
  return own.find(({ address, netmask }) => network(address, netmask) === network(host, netmask))?.address ?? null;
}

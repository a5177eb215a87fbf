// Broadcast addresses of this machine, for EPICS_CA_AUTO_ADDR_LIST.
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

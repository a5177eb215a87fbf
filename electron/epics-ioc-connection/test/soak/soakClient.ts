// The soak's client, a child process of its own, so that its memory is that of the library alone: monitors on every PV of every server.
import { readdirSync } from 'node:fs';
import { CaClient, PvaClient } from '../../src';

interface Order { readonly caAddresses: string[]; readonly pvaAddresses: string[]; readonly names: { ca: string[]; pva: string[] }; /** Milliseconds between two values of a PV. */ readonly period: number }

let updates = 0;
let changes = 0;
let warnings = 0;
let connected = 0;
/** When each PV said something last, ms; and whether it is connected. */
const heard: { at: number; connected: boolean }[] = [];
let period = 0;
let clients: { ca: CaClient; pva: PvaClient } | null = null;

function begin({ caAddresses, pvaAddresses, names, period: ofValues }: Order): void {
  period = ofValues;
  const ca = new CaClient({ environment: {}, autoAddressList: false, addressList: caAddresses, connectionTimeout: 10 });
  const pva = new PvaClient({ environment: {}, autoAddressList: false, addressList: pvaAddresses, connectionTimeout: 10 });
  clients = { ca, pva };
  for (const [client, list] of [[ca, names.ca], [pva, names.pva]] as const) {
    client.onWarning(() => { warnings += 1; });
    for (const name of list) {
      const channel = client.channel(name);
      const own = { at: 0, connected: false };
      heard.push(own);
      channel.onState((state) => {
        changes += 1;
        own.connected = state === 'connected';
        own.at = performance.now();
        if (state === 'connected') connected += 1;
        else if (state === 'disconnected') connected -= 1;
      });
      channel.monitor({}, () => {
        updates += 1;
        own.at = performance.now();
      });
    }
  }
}

/** Milliseconds in which the collector gives back to the system what it has emptied. */
const givingBack = 300;

process.on('message', (message: 'report' | Order) => {
  if (message !== 'report') return begin(message);
  // Collected first, so that what is left is what is held.
  (globalThis as { gc?: () => void }).gc?.();
  setTimeout(report, givingBack);
});

function report(): void {
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
  const descriptors = readdirSync('/proc/self/fd').length;
  const circuits = (clients?.ca.statistics.circuits ?? 0) + (clients?.pva.statistics.circuits ?? 0);
  const silent = heard.filter(({ at, connected: live }) => live && performance.now() - at > 3 * period).length;
  process.send?.({ silent, rss, heapUsed, external, arrayBuffers, descriptors, updates, changes, warnings, connected, circuits, cpu: process.cpuUsage() });
}
process.on('disconnect', () => process.exit(0));

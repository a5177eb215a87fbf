// The real network and clock, by Node's net and dgram. Without TLS, whose part of Node is 2.4 MB that a Channel Access client has no use for.
import { lookup } from 'node:dns';
import { isIPv4 } from 'node:net';
import { performance } from 'node:perf_hooks';
import { connectTcp } from './tcp';
import { openUdp } from './udp';
import type { Clock, Transport } from './transport';

/** Milliseconds; Node fires a timer beyond this at once. */
const longestTimer = 2 ** 31 - 1;

const systemClock: Clock = {
  now: () => performance.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, Math.min(milliseconds, longestTimer));
    return { cancel: () => clearTimeout(timer) };
  },
  soon: (callback) => process.nextTick(callback),
  yieldTo: (callback) => { setImmediate(callback); },
};

export const nodeTransport: Transport = {
  clock: systemClock,
  connect(host, port, events, keychain) {
    if (keychain) throw new Error('This transport has no TLS: a connection that is to be secured takes `secureTransport`.');
    return connectTcp(host, port, events);
  },
  openDatagrams: openUdp,
  resolve: (host) => isIPv4(host) ? Promise.resolve(host) : new Promise((resolve, reject) => {
    lookup(host, { family: 4 }, (error, address) => { if (error) reject(error); else resolve(address); });
  }),
};

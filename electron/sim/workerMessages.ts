// What the simulation's worker and its owner say to each other.
import type { SimulatedPv } from './records/recordTable';

export interface SimWorkerOptions {
  /** TCP port on 127.0.0.1; 0 or left out: a free one is taken. */
  caPort?: number;
  /** UDP search port on 127.0.0.1; left out: the TCP port's number. */
  udpPort?: number;
  /** TCP port of pvAccess on 127.0.0.1; 0 or left out: a free one is taken. */
  pvaPort?: number;
  /** UDP port for pvAccess searches on 127.0.0.1; left out: the pvAccess TCP port's number. */
  pvaBroadcastPort?: number;
  /** Seed of all noise; equal seeds and equal actions give equal numbers. Default 1. */
  seed?: number;
}

export type SimWorkerMessage =
  | { kind: 'ready'; caPort: number; udpPort: number; pvaPort: number; pvaBroadcastPort: number; pvs: number }
  | { kind: 'list'; pvs: SimulatedPv[] }
  | { kind: 'failed'; code: string; message: string };

export type SimWorkerRequest = 'stop' | 'list';

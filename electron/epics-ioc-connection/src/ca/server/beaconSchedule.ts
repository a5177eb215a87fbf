// When a server announces itself: often at first, then each 15 s (EPICS_CAS_BEACON_PERIOD). PURE.
import { ByteWriter } from '../../bytes/byteWriter';
import { writeBeacon } from '../protocol';

const firstInterval = 20;
const longestInterval = 15_000;

export class BeaconSchedule {
  private id = 0;
  private interval = firstInterval;

  constructor(private readonly tcpPort: number) {}

  /** The next beacon, and the milliseconds to wait until the one after it. The id counts from 0. */
  next(): { datagram: Uint8Array; wait: number } {
    const writer = new ByteWriter(16);
    // Address 0 stands for the sender.
    writeBeacon(writer, this.tcpPort, this.id++, 0);
    const wait = this.interval;
    this.interval = Math.min(2 * this.interval, longestInterval);
    return { datagram: writer.take(), wait };
  }
}

// Sends beacons to the configured addresses until stopped.
import type { Socket } from 'node:dgram';
import { defaultRepeaterPort } from '../protocol';
import { BeaconSchedule } from './beaconSchedule';

export class BeaconSender {
  private readonly schedule: BeaconSchedule;
  private timer: NodeJS.Timeout | null = null;

  /** `addresses`: `host` or `host:port`; without a port the repeater's, 5065. */
  constructor(private readonly socket: Socket, tcpPort: number, private readonly addresses: readonly string[]) {
    this.schedule = new BeaconSchedule(tcpPort);
    socket.setBroadcast(true);
    this.send();
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private send(): void {
    const { datagram, wait } = this.schedule.next();
    for (const address of this.addresses) {
      const [host = '', port] = address.split(':');
      this.socket.send(datagram, port === undefined ? defaultRepeaterPort : Number(port), host, () => undefined);
    }
    this.timer = setTimeout(() => this.send(), wait);
    this.timer.unref();
  }
}

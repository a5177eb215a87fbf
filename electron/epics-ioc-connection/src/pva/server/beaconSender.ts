// Announces the server to the configured addresses, until stopped (pvAccess protocol, command 0).
import type { Socket } from 'node:dgram';
import { defaultBroadcastPort, WireWriter, writeBeacon } from '../protocol';
import { serverLittleEndian } from './pvaServerPv';

/** Milliseconds; the first ten announcements come faster than those of a server that runs for long. */
const firstInterval = 15_000;
const laterInterval = 180_000;
const firstBeacons = 10;

export class BeaconSender {
  private sequence = 0;
  private timer: NodeJS.Timeout | null = null;

  /** `addresses`: `host` or `host:port`. `changes`: counts up as channels come and go. */
  constructor(
    private readonly socket: Socket, private readonly server: { readonly guid: string; readonly tcpPort: number; changes(): number },
    private readonly addresses: readonly string[],
  ) {
    socket.setBroadcast(true);
    this.send();
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private send(): void {
    const { guid, tcpPort } = this.server;
    const writer = new WireWriter('server', 64);
    writer.littleEndian = serverLittleEndian;
    writeBeacon(writer, { guid, sequence: this.sequence, changes: this.server.changes(), address: null, port: tcpPort, protocol: 'tcp', serverStatus: null });
    const datagram = writer.take();
    for (const address of this.addresses) {
      const [host = '', port] = address.split(':');
      this.socket.send(datagram, port === undefined ? defaultBroadcastPort : Number(port), host, () => undefined);
    }
    this.sequence += 1;
    this.timer = setTimeout(() => this.send(), this.sequence < firstBeacons ? firstInterval : laterInterval);
    this.timer.unref();
  }
}

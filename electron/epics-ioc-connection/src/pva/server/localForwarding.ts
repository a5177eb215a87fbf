// Servers of one machine share the port of searches, but a search that is sent to one address reaches one of them alone: that one passes it on
// by a multicast which stays on the machine (pvAccess protocol: the group 224.0.0.128 on loopback, and command 22 ORIGIN_TAG).
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { addressTowards } from '../../transport/interfaces';
import { commands, readDatagram, readSearch, WireWriter, writeOriginTag, writeSearch } from '../protocol';

const group = '224.0.0.128';
const loopback = '127.0.0.1';
const everyAddress = '0.0.0.0';

/**
 * What of a datagram is to be passed on: searches for one server, with the address that their answers go to. Null: nothing.
 * `origin`: the address that it was sent to, by which the others know whether it is for them; null where that is not known.
 */
export function forwardedSearches(datagram: Uint8Array, sender: string, origin: () => string | null): Uint8Array | null {
  const writer = new WireWriter('client', 256);
  readDatagram(datagram, (command, payload, fromServer) => {
    if (command !== commands.SEARCH || fromServer) return;
    const request = readSearch(payload);
    if (!request.unicast) return;
    if (writer.length === 0) writeOriginTag(writer, origin());
    writeSearch(writer, { ...request, unicast: false, address: request.address ?? sender });
  });
  return writer.length > 0 ? writer.take() : null;
}

export class LocalForwarding {
  private constructor(private readonly sending: Socket, private readonly listening: Socket, private readonly host: string, private readonly port: number) {}

  /** `host`: where this server listens. `received`: what other servers of this machine passed on. Null where the system does not allow it (Windows): then only this server hears its searches. */
  static async open(host: string, port: number, received: (datagram: Uint8Array) => void): Promise<LocalForwarding | null> {
    const sending = createSocket('udp4');
    const listening = createSocket({ type: 'udp4', reuseAddr: true });
    const both = [sending, listening];
    try {
      await bound(sending, 0, loopback);
      sending.setMulticastInterface(loopback);
      sending.setMulticastTTL(1);
      sending.setMulticastLoopback(true);
      // To the group itself: a socket of every address would take searches that are sent to others.
      await bound(listening, port, group);
      listening.addMembership(group, loopback);
    } catch {
      for (const socket of both) socket.close();
      return null;
    }
    const own = sending.address().port;
    listening.on('message', (datagram, { address, port: from }: RemoteInfo) => { if (from !== own || address !== loopback) received(datagram); });
    for (const socket of both) socket.on('error', () => undefined);
    return new LocalForwarding(sending, listening, host, port);
  }

  /** `sender`: where a datagram came from, straight from a client. */
  pass(datagram: Uint8Array, sender: string): void {
    // The interfaces are looked at only for what is passed on, not for each broadcast of the network.
    const forwarded = forwardedSearches(datagram, sender, () => (this.host === everyAddress ? addressTowards(sender) : this.host));
    if (forwarded) this.sending.send(forwarded, this.port, group, () => undefined);
  }

  close(): void {
    this.sending.close();
    this.listening.close();
  }
}

function bound(socket: Socket, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ port, address, exclusive: true }, () => {
      socket.off('error', reject);
      resolve();
    });
  });
}

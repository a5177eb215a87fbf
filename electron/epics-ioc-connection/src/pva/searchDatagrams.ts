// Fills search datagrams with names; which names and when is decided by the search that Channel Access uses too. Pure.
import { burst } from '../ca/search';
import type { SearchPackets } from '../ca/search';
import { maxUdpSend, searchFlags, searchHeadBytes, WireWriter, writeSearch } from './protocol';
import type { SearchChannel } from './protocol';

/** Where the flags are in a datagram that begins with a search. */
const flagsAt = 12;

export class SearchDatagrams implements SearchPackets {
  count = 0;
  /** All names of all datagrams, for name servers. */
  readonly channels: SearchChannel[] = [];
  private readonly done: Uint8Array[] = [];
  private open: SearchChannel[] = [];
  private size = 0;

  /** `port`: where servers answer to. */
  constructor(private readonly firstSequence: number, private readonly port: number, private readonly protocols: readonly string[]) {}

  get names(): number { return this.channels.length; }

  add(clientId: number, name: string): boolean {
    const size = 4 + 5 + Buffer.byteLength(name);
    if (this.open.length > 0 && this.size + size > maxUdpSend) this.close();
    if (this.open.length === 0) {
      if (this.count >= burst) return false;
      this.count += 1;
      this.size = searchHeadBytes(this.protocols);
    }
    const channel = { id: clientId, name };
    this.open.push(channel);
    this.channels.push(channel);
    this.size += size;
    return true;
  }

  finish(): Uint8Array[] {
    if (this.open.length > 0) this.close();
    return this.done;
  }

  private close(): void {
    const writer = new WireWriter('client', maxUdpSend + 600);
    writeSearch(writer, {
      sequence: (this.firstSequence + this.done.length) >>> 0, replyRequired: false, unicast: false, address: null, port: this.port,
      protocols: this.protocols, channels: this.open,
    });
    this.done.push(writer.take());
    this.open = [];
  }
}

/** The same datagram for one server alone: a server that gets it may pass it on to the others of its machine. */
export function asUnicast(datagram: Uint8Array): Uint8Array {
  const copy = new Uint8Array(datagram);
  copy[flagsAt] = (copy[flagsAt] as number) | searchFlags.unicast;
  return copy;
}

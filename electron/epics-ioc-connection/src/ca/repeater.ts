// What a CA repeater does with a datagram: clients of this machine register, beacons go to each of them. Pure.
// Channel Access protocol, "Repeater operation"; one repeater a machine holds the beacons' port for all.
import { ByteWriter } from '../bytes/byteWriter';
import { commands } from './protocol/commands';
import { writeBeacon, writeRepeaterConfirm, writeRepeaterRegister } from './protocol/datagrams';
import { writeVersion } from './protocol/requests';
import { readDatagram } from './protocol/messageReader';
import { numericAddress } from './protocol/payloads';

export interface RepeaterWork {
  /** The sender wants the beacons from now on. */
  readonly registers: boolean;
  /** Beacons for every client but the sender, or null. */
  readonly forward: Uint8Array | null;
}

/** `sender`: IPv4 address; `port` 0: nothing can be sent back. Very old clients register with an empty datagram. Nothing but beacons is passed on: a hostile datagram costs its own bytes. */
export function repeat(datagram: Uint8Array, sender: string, port: number): RepeaterWork {
  let registers = datagram.length === 0;
  const writer = new ByteWriter(64);
  readDatagram(datagram, (message) => {
    if (message.command === commands.REPEATER_REGISTER) registers = true;
    // A server that doesn't say its address means the one that it sends from, which our clients could not see.
    else if (message.command === commands.RSRV_IS_UP) writeBeacon(writer, message.count, message.parameter1, message.parameter2 || numericAddress(sender));
  });
  return { registers: registers && port !== 0, forward: writer.length > 0 ? writer.take() : null };
}

export function registration(address: string): Uint8Array {
  const writer = new ByteWriter(16);
  writeRepeaterRegister(writer, numericAddress(address));
  return writer.take();
}

/** The answer to a registration. */
export function confirmation(address: string): Uint8Array {
  const writer = new ByteWriter(16);
  writeRepeaterConfirm(writer, numericAddress(address));
  return writer.take();
}

/** Says nothing: sent to see whether a client's port is still there. */
export function probe(): Uint8Array {
  const writer = new ByteWriter(16);
  writeVersion(writer, 0);
  return writer.take();
}

// Where search messages say which port to go to, so that a proxy can put its own there. By the places in the bytes: nothing of the codec is used.

export type Protocol = 'ca' | 'pva';
export interface PortPlace { readonly at: number; readonly littleEndian: boolean }

/** Channel Access: a 16-byte header with command 6, the port in the data type field. */
function caPlaces(datagram: Buffer): PortPlace[] {
  const places: PortPlace[] = [];
  for (let at = 0; at + 16 <= datagram.length; at += 16 + datagram.readUInt16BE(at + 2)) {
    if (datagram.readUInt16BE(at) === 6) places.push({ at: at + 4, littleEndian: false });
  }
  return places;
}

/** pvAccess: an 8-byte header with `command`, the port at a fixed place behind it. */
function pvaPlaces(datagram: Buffer, command: number, offset: number): PortPlace[] {
  const places: PortPlace[] = [];
  for (let at = 0; at + 8 <= datagram.length && datagram[at] === 0xca;) {
    const flags = datagram[at + 2] as number;
    const littleEndian = (flags & 0x80) === 0;
    const size = (flags & 1) !== 0 ? 0 : littleEndian ? datagram.readUInt32LE(at + 4) : datagram.readUInt32BE(at + 4);
    if (datagram[at + 3] === command && at + offset + 2 <= datagram.length) places.push({ at: at + offset, littleEndian });
    at += 8 + size;
  }
  return places;
}

/** The TCP ports in a server's answers. */
export function answerPlaces(protocol: Protocol, datagram: Buffer): PortPlace[] {
  return protocol === 'ca' ? caPlaces(datagram) : pvaPlaces(datagram, 4, 8 + 12 + 4 + 16);
}

/** The UDP port that a pvAccess client wants its answers at; Channel Access answers the sender. */
export function questionPlaces(protocol: Protocol, datagram: Buffer): PortPlace[] {
  return protocol === 'ca' ? [] : pvaPlaces(datagram, 3, 8 + 4 + 4 + 16);
}

export function readPort(datagram: Buffer, { at, littleEndian }: PortPlace): number {
  return littleEndian ? datagram.readUInt16LE(at) : datagram.readUInt16BE(at);
}

export function writePort(datagram: Buffer, { at, littleEndian }: PortPlace, port: number): void {
  if (littleEndian) datagram.writeUInt16LE(port, at);
  else datagram.writeUInt16BE(port, at);
}

// Channel Access inputs: noise, and messages as a peer sends them, some of which lie about what follows.
import { dbrTypes } from '../../src/ca/protocol/dbrTypes';
import { InputBytes } from './inputBytes';
import type { Random } from './random';

const fromServer = [0, 1, 1, 1, 1, 6, 10, 11, 12, 14, 15, 15, 15, 15, 18, 18, 19, 19, 22, 23, 26, 27];
const fromClient = [0, 1, 1, 1, 2, 3, 4, 4, 4, 6, 8, 9, 10, 12, 15, 15, 15, 18, 18, 19, 19, 19, 20, 21, 23];
const names = ['D', 'S', 'E', 'W', 'C', 'nobody', '', 'x'.repeat(60)].map((name) => Buffer.from(`${name}\0`));
const statuses = [1, 1, 1, 1, 80, 376, 400, 0];
const out = new InputBytes();
/** Of the input under way: where its ids start, and whether its framing may lie. */
let firstId = 0;
let wild = false;

/** What comes to a client ('client') or to a server. */
export function caInput(random: Random, side: 'client' | 'server', ids: number): Uint8Array {
  out.start(false);
  firstId = ids;
  wild = random.oneIn(3);
  if (random.oneIn(8)) {
    out.noise(random, random.below(600));
    return out.written();
  }
  for (let count = 1 + random.below(6); count > 0; count -= 1) message(random, side);
  if (wild && random.oneIn(2)) out.damage(random);
  return out.written();
}

/** A datagram of searches, answers and beacons. */
export function caDatagram(random: Random): Uint8Array {
  out.start(false);
  wild = true;
  if (random.oneIn(6)) out.noise(random, random.below(200));
  else {
    for (let count = 1 + random.below(5); count > 0; count -= 1) {
      const command = random.pick([0, 6, 6, 6, 13, 14, 17, 24]);
      const name = command === 6 ? random.pick(names) : null;
      const size = name ? (name.length + 7) & ~7 : random.oneIn(3) ? 8 : 0;
      header(random, command, size, random.below(20000), random.below(20), random.u32(), random.below(8));
      if (name) out.append(name);
      out.noise(random, size - (name?.length ?? 0));
    }
    if (random.oneIn(3)) out.damage(random);
  }
  return out.written();
}

function message(random: Random, side: 'client' | 'server'): void {
  const command = wild && random.oneIn(10) ? random.below(40) : random.pick(side === 'client' ? fromServer : fromClient);
  const type = random.oneIn(12) ? random.below(70) : random.below(39);
  const count = random.oneIn(3) ? 1 : random.pick([0, 2, random.below(20), random.below(300)]);
  const id = random.oneIn(8) ? random.u32() : firstId + random.below(10);
  if (side === 'client' && command === 11) return errorMessage(random);
  if (command === 18 || command === 20 || command === 21 || (side === 'server' && command === 6)) {
    const name = random.pick(names);
    const size = (name.length + 7) & ~7;
    header(random, command, size, random.pick([5, 10, type]), 13, id, random.below(10));
    out.append(name);
    return out.noise(random, size - name.length);
  }
  const row = dbrTypes[type];
  const carries = side === 'client' ? command === 1 || command === 15 : command === 4 || command === 19;
  const size = carries && row ? (row.valueOffset + count * row.elementSize + 7) & ~7 : command === 1 ? 16 : random.oneIn(10) ? 8 * random.below(6) : 0;
  const first = side === 'client' && (command === 1 || command === 15 || command === 19) ? random.pick(statuses) : random.oneIn(10) ? random.u32() : 1 + random.below(5);
  header(random, command, size, type, count, first, id);
  if (carries && type % 7 === 6 && random.oneIn(2)) for (let i = 0; i < size; i += 8) out.f64(random.pick([0, 1.5, NaN, -Infinity, 1e308]));
  else out.noise(random, Math.min(size, 4000));
}

/** CA_PROTO_ERROR: with the header that it is about, or with less. */
function errorMessage(random: Random): void {
  const size = random.pick([0, 8, 16, 24, 40]);
  header(random, 11, size, 0, 0, random.below(8), random.pick(statuses));
  const start = out.at;
  if (size >= 16) header(random, random.pick([15, 19, 1, 18]), 0, 6, 1, 1, random.below(10));
  out.noise(random, Math.max(0, size - (out.at - start)));
}

/** In a wild input the size is a lie once in four; once in ten the header is the long one. */
function header(random: Random, command: number, size: number, type: number, count: number, p1: number, p2: number): void {
  const lie = wild && random.oneIn(4) ? random.pick([0, size + 8, Math.max(0, size - 8), random.below(64), 0xffff, random.below(1 << 18)]) : size;
  const extended = lie > 0xfffe || random.oneIn(10);
  out.u16(command);
  out.u16(extended ? 0xffff : lie);
  out.u16(type);
  out.u16(extended ? 0 : count);
  out.u32(p1);
  out.u32(p2);
  if (!extended) return;
  out.u32(random.oneIn(200) ? random.u32() : lie);
  out.u32(random.oneIn(20) ? random.u32() : count);
}

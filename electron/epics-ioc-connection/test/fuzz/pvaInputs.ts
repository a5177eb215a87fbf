// pvAccess inputs in either byte order: noise, and messages with types of their own making, some of which lie about what follows.
import { commands } from '../../src/pva/protocol/commands';
import type { Field } from '../../src/pva/protocol/fields';
import { describe, randomField, randomValue } from './pvaData';
import { InputBytes } from './inputBytes';
import type { Random } from './random';

/** Request ids that the targets use, by command. */
export const requestIds = { GET: 1, MONITOR: 2, RPC: 3, PUT: 4, ARRAY: 5, PUT_GET: 6, GET_FIELD: 7 } as const;

const operations = ['GET', 'MONITOR', 'MONITOR', 'RPC', 'PUT', 'ARRAY', 'PUT_GET'] as const;
const names = ['S', 'A', 'W', 'nobody', '', 'x'.repeat(300)];
const out = new InputBytes();
const segments = new InputBytes();
/** Whether the framing of the input under way may lie. */
let wild = false;

/** What comes to a client ('client') or to a server, after a good opening in that byte order. `served`: the type of the server's PV S. */
export function pvaInput(random: Random, side: 'client' | 'server', little: boolean, served: Field): Uint8Array {
  out.start(little);
  wild = random.oneIn(3);
  if (random.oneIn(10)) {
    out.noise(random, random.below(400));
    return out.written();
  }
  const types = new Map<string, Field>();
  for (let count = 1 + random.below(6); count > 0; count -= 1) {
    const start = out.at;
    if (random.oneIn(20)) control(random, side);
    else if (side === 'client') answer(random, types);
    else request(random, served);
    if (random.oneIn(25)) cutIntoSegments(random, start);
  }
  if (wild && random.oneIn(2)) out.damage(random);
  return out.written();
}

/** A datagram of searches, answers and beacons. */
export function pvaDatagram(random: Random): Uint8Array {
  out.start(random.oneIn(2));
  wild = true;
  if (random.oneIn(6)) out.noise(random, random.below(200));
  else {
    for (let count = 1 + random.below(3); count > 0; count -= 1) {
      const kind = random.below(3);
      if (kind === 0) message(random, 'client', commands.BEACON, () => { out.noise(random, 12); out.u8(0); out.u8(1); out.u16(1); address(); out.u16(5075); text('tcp'); out.u8(random.oneIn(2) ? 0xff : 0x80); });
      else if (kind === 1) message(random, 'client', commands.SEARCH_RESPONSE, () => searchResponse(random));
      else message(random, 'server', commands.SEARCH, () => search(random));
    }
    if (random.oneIn(3)) out.damage(random);
  }
  return out.written();
}

/** To a client. */
function answer(random: Random, types: Map<string, Field>): void {
  const kind = random.below(12);
  const name = random.pick(operations);
  const id = random.oneIn(15) ? random.below(20) : requestIds[name];
  if (kind < 3) {
    return message(random, 'client', commands[name], () => {
      out.u32(id);
      out.u8(0x08);
      status(random);
      for (let i = name === 'PUT_GET' ? 2 : name === 'RPC' ? 0 : 1; i > 0; i -= 1) {
        const field = randomField(random, name === 'ARRAY' ? 9 : 0, true);
        types.set(name, field);
        describe(out, field, random);
      }
    });
  }
  if (kind < 8) {
    return message(random, 'client', commands[name], () => {
      out.u32(id);
      out.u8(name === 'MONITOR' ? random.pick([0, 0, 0, 0x10]) : random.pick([0, 0, 0x40, 0x10, 0x80, 0x04]));
      if (name !== 'MONITOR') status(random);
      const field = types.get(name);
      if (name === 'RPC') return anything(random);
      if (!field) return out.noise(random, random.below(60));
      if (name !== 'ARRAY') bitSet(random, 12);
      randomValue(out, field, random);
      if (name === 'MONITOR') bitSet(random, 12);
      return undefined;
    });
  }
  switch (kind) {
    case 8: return message(random, 'client', commands.GET_FIELD, () => { out.u32(requestIds.GET_FIELD); status(random); describe(out, randomField(random, 0), random); });
    case 9: return message(random, 'client', commands.CREATE_CHANNEL, () => { out.u32(random.below(4)); out.u32(random.below(6)); status(random); });
    case 10: return message(random, 'client', random.pick([commands.DESTROY_CHANNEL, commands.MESSAGE, commands.CONNECTION_VALIDATED]), () => { out.u32(random.below(4)); out.u8(random.below(4)); text('why'); out.noise(random, random.below(12)); });
    default: return message(random, 'client', random.oneIn(2) ? commands.SEARCH_RESPONSE : random.below(30), () => searchResponse(random));
  }
}

/** To a server. */
function request(random: Random, served: Field): void {
  const kind = random.below(12);
  const name = random.pick(operations);
  const head = (subcommand: number, id: number = random.oneIn(15) ? random.below(20) : requestIds[name]): void => {
    out.u32(1 + (random.oneIn(10) ? random.below(5) : 0));
    out.u32(id);
    out.u8(subcommand);
  };
  if (kind < 3) return message(random, 'server', commands[name], () => { head(0x08 | (random.oneIn(3) ? 0x80 : 0), 10 + random.below(20)); anything(random); out.u32(random.below(10)); });
  if (kind < 9) {
    return message(random, 'server', commands[name], () => {
      if (name === 'MONITOR') { head(random.pick([0x44, 0x04, 0x80, 0x10, 0x40])); return out.u32(random.oneIn(10) ? random.u32() : random.below(9)); }
      head(random.pick([0, 0, 0, 0x10, 0x40, 0x80, 0x04]));
      if (name === 'RPC') return anything(random);
      if (name === 'ARRAY') { for (let i = 0; i < 3; i += 1) size(random.oneIn(5) ? random.u32() & 0x7fffffff : random.below(5)); return out.noise(random, random.below(40)); }
      bitSet(random, 8);
      return randomValue(out, served, random);
    });
  }
  switch (kind) {
    case 9: return message(random, 'server', random.pick([commands.DESTROY_REQUEST, commands.CANCEL_REQUEST, commands.DESTROY_CHANNEL]), () => { out.u32(1 + random.below(3)); out.u32(1 + random.below(8)); });
    case 10: return message(random, 'server', random.oneIn(2) ? commands.CREATE_CHANNEL : commands.GET_FIELD, () => { out.u16(1); out.u32(random.below(9)); text(random.pick(names)); });
    default: return message(random, 'server', random.oneIn(2) ? commands.SEARCH : random.below(30), () => { if (random.oneIn(3)) validation(random); else search(random); });
  }
}

/** In a wild input the size is a lie once in five, the direction or the order once in ten. */
function message(random: Random, to: 'client' | 'server', command: number, body: () => void): void {
  const start = out.at;
  out.u8(0xca);
  out.u8(2);
  out.u8(((to === 'client' ? 0x40 : 0) | (out.littleEndian ? 0 : 0x80)) ^ (wild && random.oneIn(10) ? random.pick([0x80, 0x40, 0x10, 0x30]) : 0));
  out.u8(command);
  out.u32(0);
  body();
  const real = out.at - start - 8;
  out.setU32(start + 4, wild && random.oneIn(5) ? random.pick([0, real + 1, Math.max(0, real - 1), real + 16, random.below(1 << 18), random.oneIn(20) ? random.u32() : 3]) : real);
}

function control(random: Random, to: 'client' | 'server'): void {
  out.u8(0xca);
  out.u8(2);
  out.u8(1 | (to === 'client' ? 0x40 : 0) | (out.littleEndian ? 0 : 0x80));
  out.u8(random.oneIn(3) ? random.below(8) : random.pick([0, 3, 4]));
  out.u32(random.u32());
}

/** The message at `start` again, in two to four segments, perhaps with a control message between them. */
function cutIntoSegments(random: Random, start: number): void {
  const all = out.take();
  const bytes = all.subarray(start + 8);
  segments.start(out.littleEndian);
  const parts = 2 + random.below(3);
  for (let i = 0; i < parts; i += 1) {
    const part = bytes.subarray(Math.floor((i * bytes.length) / parts), Math.floor(((i + 1) * bytes.length) / parts));
    segments.u8(0xca);
    segments.u8(2);
    segments.u8((all[start + 2] as number) | (i === 0 ? 0x10 : i === parts - 1 ? 0x20 : 0x30));
    segments.u8(all[start + 3] as number);
    segments.u32(part.length);
    segments.append(part);
  }
  out.at = start;
  out.append(segments.take());
}

function size(value: number): void {
  if (value < 254) return out.u8(value);
  out.u8(254);
  return out.u32(value);
}

function text(value: string): void {
  size(value.length);
  for (let i = 0; i < value.length; i += 1) out.u8(value.charCodeAt(i));
}

function status(random: Random): void {
  if (!random.oneIn(8)) return out.u8(0xff);
  out.u8(random.below(5));
  text('words');
  return text(random.oneIn(2) ? '' : 'at this.line()');
}

function bitSet(random: Random, bits: number): void {
  if (random.oneIn(2)) { out.u8(1); return out.u8(1); }
  const bytes = random.oneIn(20) ? random.below(40) : Math.ceil(bits / 8);
  size(bytes);
  return out.noise(random, bytes);
}

function anything(random: Random): void {
  if (random.oneIn(6)) return out.u8(0xff);
  const field = randomField(random, 0);
  describe(out, field, random);
  return randomValue(out, field, random);
}

function address(): void {
  for (let i = 0; i < 10; i += 1) out.u8(0);
  for (const byte of [0xff, 0xff, 127, 0, 0, 1]) out.u8(byte);
}

function search(random: Random): void {
  out.u32(random.below(9));
  out.u8(random.pick([0, 1, 0x80, 0x81]));
  out.noise(random, 3);
  address();
  out.u16(random.below(70000) & 0xffff);
  size(random.below(3));
  text('tcp');
  out.u16(random.below(4));
  for (let i = random.below(4); i > 0; i -= 1) { out.u32(random.below(9)); text(random.pick(names)); }
}

function searchResponse(random: Random): void {
  out.noise(random, 12);
  out.u32(random.below(9));
  address();
  out.u16(5075);
  text('tcp');
  out.u8(random.below(2));
  const count = random.oneIn(20) ? random.below(70000) & 0xffff : random.below(4);
  out.u16(count);
  for (let i = Math.min(count, 5); i > 0; i -= 1) out.u32(random.below(4));
}

function validation(random: Random): void {
  out.u32(random.u32());
  out.u16(random.below(1000));
  out.u16(0);
  text(random.pick(['ca', 'anonymous', 'x509']));
  anything(random);
}

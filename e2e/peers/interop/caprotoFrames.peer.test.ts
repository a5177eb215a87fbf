// 100,000 frames of random values, the DBR types 0 to 34, as our reader and as caproto decode them: no disagreement.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { decodeReading } from '../../../electron/epics-ioc-connection/src/ca/protocol/dbrDecode';
import { dbrTypes } from '../../../electron/epics-ioc-connection/src/ca/protocol/dbrTypes';
import { MessageReader } from '../../../electron/epics-ioc-connection/src/ca/protocol/messageReader';
import { Random } from '../../../electron/epics-ioc-connection/test/fuzz/random';
import { alarmStatuses, severities } from '../../../electron/epics-ioc-connection/src/value';
import type { PvValue, Reading } from 'epics-ioc-connection';
import { peerPython } from '../../ioc/python';

const frameCount = 100_000;
const seed = 20_261_122;
/** Bytes of one element, by base type: STRING SHORT FLOAT ENUM CHAR LONG DOUBLE. */
const widths = [40, 2, 4, 2, 1, 4, 8];
/** All but CTRL_STRING: it has the layout of STS_STRING (db_access.h, and so a softIoc), which caproto takes for that of TIME_STRING. */
const types = Array.from({ length: 35 }, (_, i) => i).filter((type) => type !== 28);
const texts = ['', 'mm', 'a longer text of a record', 'x'.repeat(39)];

/** A frame by hand, nothing of the codec: a header and a payload of the right size. */
function frame(random: Random): Buffer {
  const type = random.pick(types);
  const [base, form] = [type % 7, Math.floor(type / 7)];
  // An empty plain update means that its subscription is over.
  const count = random.oneIn(2) ? 1 : random.below(30) + (form === 0 ? 1 : 0);
  const { valueOffset } = dbrTypes[type] as { valueOffset: number };
  const size = (valueOffset + count * (widths[base] as number) + 7) & ~7;
  const bytes = Buffer.alloc(16 + size);
  const at = 16;
  bytes.writeUInt16BE(random.oneIn(2) ? 1 : 15, 0);
  bytes.writeUInt16BE(size, 2);
  bytes.writeUInt16BE(type, 4);
  bytes.writeUInt16BE(count, 6);
  bytes.writeUInt32BE(1, 8);
  bytes.writeUInt32BE(random.u32(), 12);
  const elements = (from: number, number: number): void => {
    for (let i = 0; i < number; i += 1) {
      const place = from + i * (widths[base] as number);
      if (base === 0) bytes.write(random.pick(texts), place, 'latin1');
      else if (base === 2) bytes.writeFloatBE(random.pick([0, -1.5, 1e30, -Infinity, random.u32()]), place);
      else if (base === 6) bytes.writeDoubleBE(random.pick([0, -1.5, 1e300, Infinity, random.u32() / 7]), place);
      else for (let byte = 0; byte < (widths[base] as number); byte += 1) bytes[place + byte] = random.below(256);
    }
  };
  if (form > 0) {
    bytes.writeUInt16BE(random.below(22), at);
    bytes.writeUInt16BE(random.below(4), at + 2);
  }
  if (form === 2) {
    bytes.writeUInt32BE(1 + random.below(2 ** 31), at + 4);
    bytes.writeUInt32BE(random.below(1e9), at + 8);
  } else if (form > 2 && base === 3) {
    const states = random.below(17);
    bytes.writeUInt16BE(states, at + 4);
    for (let i = 0; i < states; i += 1) bytes.write(random.pick(['Idle', 'Busy', '', 'x'.repeat(25)]), at + 6 + i * 26, 'latin1');
  } else if (form > 2 && base !== 0) {
    const real = base === 2 || base === 6;
    if (real) bytes.writeInt16BE(random.below(12), at + 4);
    const units = real ? 8 : 4;
    bytes.write(random.pick(['mm', '', 'counts', 'degrees']), at + units, 'latin1');
    elements(at + units + 8, form === 4 ? 8 : 6);
  }
  elements(at + valueOffset, count);
  return bytes;
}

const texted = (value: number): string => Number.isFinite(value) ? value === 0 ? '0' : exact(value) : value > 0 ? 'inf' : '-inf';
/** As C's %.17g. */
function exact(value: number): string {
  const [mantissa = '', exponent = '0'] = value.toExponential(16).split('e');
  const power = Number(exponent);
  if (power < -4 || power >= 17) return `${mantissa.replace(/\.?0+$/, '')}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  const fixed = value.toFixed(Math.max(16 - power, 0));
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed;
}

function valueText(value: PvValue, base: number): string {
  if (base === 0) return (value as readonly string[]).join(',');
  const numbers = Array.from(value as Float64Array);
  const bytes = Buffer.alloc(numbers.length * (widths[base] as number));
  numbers.forEach((each, i) => {
    const at = i * (widths[base] as number);
    if (base === 1) bytes.writeInt16BE(each, at);
    else if (base === 2) bytes.writeFloatBE(each, at);
    else if (base === 3) bytes.writeUInt16BE(each, at);
    else if (base === 4) bytes.writeUInt8(each, at);
    else if (base === 5) bytes.writeInt32BE(each, at);
    else bytes.writeDoubleBE(each, at);
  });
  return bytes.toString('hex');
}

function said(command: number, type: number, status: number, id: number, reading: Reading): string {
  const [base, form] = [type % 7, Math.floor(type / 7)];
  const parts: (string | number)[] = [command === 1 ? 1 : 0, type, reading.count, status, id];
  if (form > 0) parts.push(alarmStatuses.indexOf(reading.status), severities.indexOf(reading.severity));
  if (form === 2) parts.push((reading.timestamp?.seconds ?? 0) - 631_152_000, reading.timestamp?.nanoseconds ?? 0);
  const { metadata } = reading;
  if (form > 2 && base === 3) parts.push(...metadata?.states ?? []);
  else if (form > 2 && base !== 0) {
    parts.push(metadata?.units ?? '', ...[metadata?.display?.high, metadata?.display?.low, metadata?.alarm?.high, metadata?.warning?.low].map((each) => texted(each ?? NaN)));
    if (base === 2 || base === 6) parts.push(metadata?.precision ?? -1);
    if (form === 4) parts.push(texted(metadata?.control?.high ?? NaN), texted(metadata?.control?.low ?? NaN));
  }
  return `${parts.join('|')}|${valueText(reading.value, base)}`;
}

const crcTable = Int32Array.from({ length: 256 }, (_, n) => { let c = n; for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1; return c; });
function crc32(text: string): number {
  let crc = -1;
  for (let i = 0; i < text.length; i += 1) crc = (crc >>> 8) ^ (crcTable[(crc ^ text.charCodeAt(i)) & 255] as number);
  return (crc ^ -1) >>> 0;
}

it('decodes 100,000 frames as caproto does', async () => {
  const random = new Random(seed);
  const frames = Array.from({ length: frameCount }, () => frame(random));
  const folder = mkdtempSync(join(tmpdir(), 'endstation-frames-'));
  const [file, sizes] = [join(folder, 'frames'), join(folder, 'sizes')];
  writeFileSync(file, Buffer.concat(frames));
  writeFileSync(sizes, Uint32Array.from(frames, ({ length }) => length));
  const ours: string[] = [];
  const reader = new MessageReader((m) => ours.push(said(m.command, m.dataType, m.parameter1, m.parameter2, decodeReading(m, false))));
  for (const each of frames) reader.push(each);
  const { stdout } = await promisify(execFile)(peerPython(), [fileURLToPath(new URL('caproto_frames.py', import.meta.url)), file, sizes], { maxBuffer: 2 ** 26 });
  rmSync(folder, { recursive: true });
  const theirs = stdout.trim().split('\n').map(Number);
  expect([ours.length, theirs.length]).toEqual([frameCount, frameCount]);
  const disagreements = ours.flatMap((text, i) => (crc32(text) === theirs[i] ? [] : [`frame ${i}: ${text.slice(0, 200)}`]));
  expect({ count: disagreements.length, first: disagreements.slice(0, 5) }).toEqual({ count: 0, first: [] });
}, 240_000);

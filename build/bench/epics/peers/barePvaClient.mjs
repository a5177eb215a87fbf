// The bare socket of Node on the same IOC by pvAccess: a client's bytes sent, messages counted by their headers, nothing in them understood.
import { connect } from 'node:net';
import { channels, finish, median, metric, microseconds, names, timed } from './measure.mjs';

const [validation, createChannel, validated, get, put] = [1, 7, 9, 10, 11];
const [init, execute] = [0x08, 0x00];
const [structure, empty, noValue] = [0x80, 0, 0xff];
const [server, headerSize] = [0x40, 8];

const text = (value) => Buffer.concat([Buffer.of(value.length), Buffer.from(value)]);
const u32 = (...values) => {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => bytes.writeUInt32LE(value, 4 * i));
  return bytes;
};
/** Little-endian, as the IOC's own. */
function message(command, ...parts) {
  const payload = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(0xca, 2, 0, command), u32(payload.length), payload]);
}
/** A structure of structures without members, as a request names fields. */
const fields = (...list) => Buffer.concat([Buffer.of(structure, empty, list.length), ...list.map((name) => Buffer.concat([text(name), Buffer.of(structure, empty, 0)]))]);
const plain = Buffer.concat([Buffer.of(structure, empty, 1), text('field'), fields('value', 'alarm', 'timeStamp')]);
const blocking = Buffer.concat([
  Buffer.of(structure, empty, 2), text('field'), fields('value'), text('record'), Buffer.of(structure, empty, 1), text('_options'), Buffer.of(structure, empty, 1), text('block'), Buffer.of(0x60),
  text('true'),
]);

let answered = () => undefined;
const buffer = Buffer.allocUnsafeSlow(1 << 20);
let kept = Buffer.alloc(0);
/** Bytes of a payload that are still to come: they are not kept. */
let skipping = 0;
const socket = connect({
  port: Number(process.env.EPICS_PVA_SERVER_PORT), host: '127.0.0.1', noDelay: true,
  onread: { buffer, callback: (size, bytes) => { take(size, bytes); return true; } },
});

function take(size, bytes) {
  let at = Math.min(skipping, size);
  skipping -= at;
  if (at > 0 && skipping === 0) answered(get, null);
  if (at === size) return;
  kept = Buffer.concat([kept, bytes.subarray(at, size)]);
  for (at = 0; kept.length - at >= headerSize;) {
    const [, , flags, command] = kept.subarray(at, at + 4);
    const length = (flags & 1) !== 0 ? 0 : kept.readUInt32LE(at + 4);
    const end = at + headerSize + length;
    if (end > kept.length && length > buffer.length) {
      skipping = end - kept.length;
      kept = Buffer.alloc(0);
      return;
    }
    if (end > kept.length) break;
    if ((flags & server) !== 0 && (flags & 1) === 0) answered(command, kept.subarray(at + headerSize, end));
    at = end;
  }
  kept = kept.subarray(at);
}

/** The payloads of the next so many answers to that command. */
const answers = (command, count, ask) => new Promise((resolve) => {
  const found = [];
  answered = (other, payload) => {
    if (other !== command) return;
    found.push(payload && Buffer.from(payload));
    if (found.length === count) resolve(found);
  };
  if (ask) socket.write(ask);
});

/** Server ids of these channels. */
async function created(list) {
  await answers(validation, 1);
  await answers(validated, 1, message(validation, u32(65_536), Buffer.of(255, 127, 0, 0), text('anonymous'), Buffer.of(noValue)));
  const replies = await answers(createChannel, list.length, Buffer.concat(list.map((name, i) => message(createChannel, Buffer.of(1, 0), u32(i), text(name)))));
  const ids = [];
  for (const reply of replies) ids[reply.readUInt32LE(0)] = reply.readUInt32LE(4);
  return ids;
}

/** The requests that execute an operation of each channel again and again. `data`: what follows the head. */
async function operations(list, command, request, ...data) {
  const ids = await created(list);
  await answers(command, list.length, Buffer.concat(ids.map((id, i) => message(command, u32(id, i + 1), Buffer.of(init), request))));
  return ids.map((id, i) => message(command, u32(id, i + 1), Buffer.of(execute), ...data));
}

const metrics = {
  async get() {
    const [question] = await operations(['P:ai001'], get, plain);
    return microseconds(await timed(2000, 200, () => answers(get, 1, question)));
  },
  async gets() {
    const questions = Buffer.concat(await operations(names('P:ai'), get, plain));
    return { perSecond: (channels * 1000) / median(await timed(50, 20, () => answers(get, channels, questions))) };
  },
  async put() {
    const value = Buffer.alloc(8);
    value.writeDoubleLE(1.5);
    // One bit of the BitSet: the value.
    const [question] = await operations(['P:ao'], put, blocking, Buffer.of(1, 2), value);
    return microseconds(await timed(2000, 100, () => answers(put, 1, question)));
  },
  async wave() {
    const [question] = await operations(['P:wf1M'], get, plain);
    return { megabytesPerSecond: 8000 / median(await timed(30, 3, () => answers(get, 1, question))) };
  },
};
finish(await metrics[metric](), process.version);

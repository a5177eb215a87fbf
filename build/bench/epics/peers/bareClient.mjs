// The bare socket of Node on the same IOC: the bytes of a Channel Access client sent and counted, none of them understood. What no client in Node can be faster than.
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { channels, finish, median, metric, microseconds, names, reportEvents, sleep, timed } from './measure.mjs';

const [double, timeDouble, valueAndAlarm] = [6, 20, 5];
const [eventAdd, search, readNotify, createChannel, writeNotify] = [1, 6, 15, 18, 19];
const answerSize = 40;
const minorVersion = 13;
const port = Number(process.env.EPICS_CA_SERVER_PORT);
/** Bytes of a datagram with searches, as libca fills it. */
const datagramSize = 1024;

function message(command, type, count, first, second, payload = Buffer.alloc(0)) {
  const head = Buffer.alloc(16);
  [command, payload.length, type, count].forEach((value, i) => head.writeUInt16BE(value, i * 2));
  head.writeUInt32BE(first, 8);
  head.writeUInt32BE(second, 12);
  return Buffer.concat([head, payload]);
}

let received = () => undefined;
const buffer = Buffer.allocUnsafeSlow(65_536);
let target = null;
const open = () => connect({
  port, host: '127.0.0.1', noDelay: true,
  onread: { buffer: () => target ?? buffer, callback: (size, bytes) => { received(size, bytes); return true; } },
});
let socket = metric === 'connect' ? null : open();
/** Sends, and waits for so many bytes. */
const exchange = (bytes, size) => new Promise((resolve) => {
  let left = size;
  received = (more) => {
    left -= more;
    if (left <= 0) resolve();
  };
  socket.write(bytes);
});

/** The server's ids of these channels. */
function created(list) {
  const ids = [];
  let kept = Buffer.alloc(0);
  return new Promise((resolve) => {
    received = (size, bytes) => {
      kept = Buffer.concat([kept, bytes.subarray(0, size)]);
      // None of these messages has a payload; that of a large array has a longer header.
      const header = () => kept.readUInt16BE(2) === 0xffff ? 24 : 16;
      for (; kept.length >= 16 && kept.length >= header(); kept = kept.subarray(header())) {
        if (kept.readUInt16BE(0) === createChannel) ids[kept.readUInt32BE(8)] = kept.readUInt32BE(12);
      }
      if (ids.filter((id) => id !== undefined).length === list.length) resolve(ids);
    };
    socket.write(Buffer.concat([message(0, 0, minorVersion, 0, 0), ...list.map((name, i) => named(createChannel, 0, i, name))]));
  });
}
const named = (command, type, id, name) => {
  const bytes = Buffer.alloc(sizeOf(name));
  write(bytes, 0, command, type, id, name);
  return bytes;
};
const sizeOf = (name) => 16 + 8 * Math.ceil((name.length + 1) / 8);
/** A message with a name at `at` of zeroed bytes. */
function write(bytes, at, command, type, id, name) {
  bytes.writeUInt32BE(command * 65_536 + sizeOf(name) - 16, at);
  bytes.writeUInt32BE(type * 65_536 + (command === search ? minorVersion : 0), at + 4);
  bytes.writeUInt32BE(id, at + 8);
  bytes.writeUInt32BE(command === search ? id : minorVersion, at + 12);
  bytes.write(name, at + 16, 'latin1');
}

/** Searches for all names at once, asks for each channel as soon as its answer comes, and counts those that are there. */
function found(list) {
  const version = message(0, 1, minorVersion, 1, 0);
  const udp = createSocket({ type: 'udp4', lookup: (address, _family, done) => done(null, address, 4) });
  return new Promise((resolve) => {
    let there = 0;
    received = (size, bytes) => {
      for (let at = 0; at + 16 <= size; at += 16) if (bytes[at + 1] === createChannel) there += 1;
      if (there < list.length) return;
      udp.close();
      resolve();
    };
    udp.on('message', (bytes) => {
      if (!socket) {
        socket = open();
        socket.write(message(0, 0, minorVersion, 0, 0));
      }
      const requests = Buffer.alloc(4096);
      let end = 0;
      for (let at = 0; at + 16 <= bytes.length; at += 16 + bytes.readUInt16BE(at + 2)) {
        if (bytes.readUInt16BE(at) !== search) continue;
        const id = bytes.readUInt32BE(at + 12);
        write(requests, end, createChannel, 0, id, list[id]);
        end += sizeOf(list[id]);
      }
      socket.write(requests.subarray(0, end));
    });
    udp.bind(0, () => {
      for (let first = 0; first < list.length;) {
        const datagram = Buffer.alloc(datagramSize);
        version.copy(datagram);
        let end = version.length;
        for (; first < list.length && end + sizeOf(list[first]) <= datagramSize; first += 1) {
          write(datagram, end, search, 5, first, list[first]);
          end += sizeOf(list[first]);
        }
        udp.send(datagram, 0, end, port, '127.0.0.1');
      }
    });
  });
}

async function follow(prefix) {
  const ids = await created(names(prefix));
  let bytes = 0;
  received = (size) => { bytes += size; };
  const mask = Buffer.alloc(16);
  mask.writeUInt16BE(valueAndAlarm, 12);
  socket.write(Buffer.concat(ids.map((id, i) => message(eventAdd, timeDouble, 1, id, i + 1, mask))));
  const count = () => Math.floor(bytes / answerSize);
  while (count() < channels) await sleep(0.01);
  return reportEvents(count);
}

const metrics = {
  async connect() {
    const start = performance.now();
    await found(names('P:ai'));
    return { seconds: (performance.now() - start) / 1000 };
  },
  async get() {
    const [id] = await created(['P:ai001']);
    const question = message(readNotify, timeDouble, 1, id, 1);
    return microseconds(await timed(2000, 200, () => exchange(question, answerSize)));
  },
  async gets() {
    const questions = Buffer.concat((await created(names('P:ai'))).map((id, i) => message(readNotify, timeDouble, 1, id, i + 1)));
    return { perSecond: (channels * 1000) / median(await timed(50, 20, () => exchange(questions, channels * answerSize))) };
  },
  async put() {
    const [id] = await created(['P:ao']);
    return microseconds(await timed(2000, 100, (i) => {
      const value = Buffer.alloc(8);
      value.writeDoubleBE(i * 0.01);
      return exchange(message(writeNotify, double, 1, id, i + 1, value), 16);
    }));
  },
  async wave() {
    const [id] = await created(['P:wf1M']);
    // One buffer, again and again.
    target = Buffer.allocUnsafeSlow(2 ** 20);
    const question = message(readNotify, timeDouble, 0, id, 1);
    return { megabytesPerSecond: 8000 / median(await timed(30, 3, () => exchange(question, 24 + 16 + 8_000_000))) };
  },
  monitor: () => follow('P:gen'),
  scan: () => follow('P:c10:'),
};
finish(await metrics[metric](), process.version);

// The bare loopback socket in this Node: what no client in Node can be faster than.
import { once } from 'node:events';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import { printRow, spread } from '../statistics.mjs';

/** Of a Channel Access read, and of its answer (TIME_DOUBLE). */
const [questionSize, answerSize] = [16, 40];
const streamed = 64 * 2 ** 20;
/** In a thread of its own, as an IOC is in a process of its own. A question of 1 byte is answered by the whole stream. */
const echo = `
const { createServer } = require('node:net');
const { parentPort, workerData } = require('node:worker_threads');
const answer = Buffer.alloc(workerData.answerSize), stream = Buffer.alloc(workerData.streamed);
createServer((socket) => { socket.setNoDelay(true); socket.on('data', (data) => socket.write(data.length === 1 ? stream : answer)); })
  .listen(0, '127.0.0.1', function () { parentPort.postMessage(this.address().port); });`;

export async function measureFloor({ repeats, json }) {
  const worker = new Worker(echo, { eval: true, workerData: { answerSize, streamed } });
  const [port] = await once(worker, 'message');
  let received = () => undefined;
  const buffer = Buffer.alloc(65_536);
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread: { buffer, callback: (size) => { received(size); return true; } } });
  await once(socket, 'connect');
  const [medians, tails, rates] = [[], [], []];
  try {
    for (let i = 0; i < repeats; i += 1) {
      const times = await roundTrips(socket, (handler) => { received = handler; });
      medians.push(times[Math.floor(times.length / 2)]);
      tails.push(times[Math.floor(times.length * 0.99)]);
      rates.push(await stream(socket, (handler) => { received = handler; }));
    }
  } finally {
    socket.destroy();
    await worker.terminate();
  }
  const row = (metric, unit, better, values) => printRow({ bench: 'epics', metric: `bare TCP socket in Node: ${metric}`, unit, better, ours: spread(values), peers: {} }, json);
  row('there and back, median', 'us', 'lower', medians);
  row('there and back, p99', 'us', 'lower', tails);
  row('one stream', 'MB/s', 'higher', rates);
}

/** Microseconds, sorted. */
async function roundTrips(socket, listen) {
  const question = Buffer.alloc(questionSize);
  const times = [];
  for (let i = 0; i < 2200; i += 1) {
    const start = performance.now();
    const answered = new Promise((resolve) => { listen(resolve); });
    socket.write(question);
    await answered;
    times.push((performance.now() - start) * 1000);
  }
  return times.slice(200).sort((a, b) => a - b);
}

/** Megabytes a second. */
async function stream(socket, listen) {
  const start = performance.now();
  await new Promise((resolve) => {
    let left = streamed;
    listen((size) => {
      left -= size;
      if (left <= 0) resolve();
    });
    socket.write(Buffer.alloc(1));
  });
  return streamed / 1000 / (performance.now() - start);
}

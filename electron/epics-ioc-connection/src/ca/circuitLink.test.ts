// The share of each tick that decoding gets, and flow control: with a clock on which listeners take time.
import { expect, it } from 'vitest';
import type { ConnectionEvents, Transport } from '../transport/transport';
import { CircuitLink } from './circuitLink';
import { commands } from './protocol/commands';
import { bytes, header, zeros } from './protocol/hexBytes.testing';
import { readDatagram } from './protocol/messageReader';

function setUp(costOfEvent: number) {
  let now = 0;
  const turns: (() => void)[] = [];
  const timers: (() => void)[] = [];
  const sent: number[] = [];
  let paused = false;
  let connection!: ConnectionEvents;
  const transport: Transport = {
    clock: {
      now: () => now,
      after: (_ms, callback) => { timers.push(callback); return { cancel: () => undefined }; },
      soon: (callback) => callback(),
      yieldTo: (callback) => { turns.push(callback); },
    },
    connect: (_host, _port, events) => {
      connection = events;
      return {
        write: (data) => readDatagram(data, ({ command }) => sent.push(command)),
        pause: () => { paused = true; }, resume: () => { paused = false; }, destroy: () => undefined,
      };
    },
    openDatagrams: () => ({ send: () => undefined, close: () => undefined }),
    resolve: (host) => Promise.resolve(host),
  };
  const ignore = (): void => undefined;
  const link = new CircuitLink(transport, { host: 'ioc', port: 1 }, { priority: 0, userName: 'u', hostName: 'h', connectionTimeout: 30_000, maxPayload: 1000 }, {
    channelCreated: ignore, channelRefused: ignore, channelDropped: ignore, accessChanged: ignore, searchAnswered: ignore, requestFailed: ignore,
    responsivenessChanged: ignore, linkClosed: ignore,
  }, { bytesReceived: 0, bytesSent: 0, eventsReceived: 0 });
  connection.opened();
  const id = link.circuit.subscribe({ updated: () => { now += costOfEvent; } }, 6, 1, 1, 5);
  link.flushSoon();
  const update = bytes(header(commands.EVENT_ADD, 8, 6, 1, 1, id), zeros(8));
  sent.length = 0;
  return {
    sent, timers, isPaused: () => paused,
    receive: (times = 1, emptied?: boolean) => connection.received(Buffer.concat(new Array<Uint8Array>(times).fill(update)), emptied),
    cost: () => now,
    /** One turn of the event loop. */
    turn: () => { for (const callback of turns.splice(0)) callback(); },
  };
}

it('pauses reading once a tick has cost 8 ms, until the loop went round', () => {
  const { receive, isPaused, turn } = setUp(3);
  receive();
  receive();
  expect(isPaused()).toBe(false);
  receive();
  expect(isPaused()).toBe(true);
  turn();
  expect(isPaused()).toBe(false);
});

it('stops in the middle of a chunk, and loses nothing of it', () => {
  const { receive, isPaused, turn, cost } = setUp(0.02);
  // 24 bytes an update: 10,000 are 15 pieces, 682 updates or 13.6 ms each.
  receive(10_000);
  expect(cost()).toBeLessThan(14);
  expect(isPaused()).toBe(true);
  let turns = 0;
  for (; isPaused() && turns < 100; turns += 1) turn();
  expect(turns).toBe(15);
  expect(Math.round(cost() / 0.02)).toBe(10_000);
});

it('starts counting again with each turn of the loop', () => {
  const { receive, isPaused, turn } = setUp(5);
  for (let i = 0; i < 10; i += 1) {
    receive();
    turn();
  }
  expect(isPaused()).toBe(false);
});

it('CA 26: asks the server to hold its events back when it falls behind for long, and to go on once it caught up', () => {
  const { receive, sent, turn, timers, isPaused } = setUp(20);
  for (let i = 0; i < 12; i += 1) {
    receive();
    turn();
  }
  expect(sent).toEqual([]);
  receive();
  expect(sent).toEqual([commands.EVENTS_OFF]);
  turn();
  expect(isPaused()).toBe(false);
  // What was under way still comes, so it has not caught up yet.
  timers.length = 0;
  receive();
  turn();
  turn();
  turn();
  for (let i = 0; i < 4 && sent.length < 2; i += 1) for (const check of timers.splice(0)) check();
  expect(sent).toEqual([commands.EVENTS_OFF, commands.EVENTS_ON]);
});

it('is not behind, however busy, while its reads empty the socket', () => {
  const { receive, sent, turn } = setUp(20);
  for (let i = 0; i < 30; i += 1) {
    receive(1, true);
    turn();
  }
  expect(sent).toEqual([]);
  for (let i = 0; i < 13; i += 1) {
    receive(1, false);
    turn();
  }
  expect(sent).toEqual([commands.EVENTS_OFF]);
});

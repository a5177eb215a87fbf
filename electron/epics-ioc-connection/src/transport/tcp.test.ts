// Over a real socket: pausing from within a read and from outside, resuming, nothing lost or turned round.
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connectTcp } from './tcp';
import type { Connection } from './transport';

let server: Server;
let served: Socket | null;
let connection: Connection;
let closed: string[];
const got: number[] = [];
let onRead: () => void = () => undefined;

beforeEach(async () => {
  got.length = 0;
  closed = [];
  onRead = () => undefined;
  served = null;
  server = createServer((socket) => { served = socket.setNoDelay(true); });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  await new Promise<void>((resolve) => {
    connection = connectTcp('127.0.0.1', (server.address() as AddressInfo).port, {
      opened: () => { resolve(); }, closed: (reason) => { closed.push(reason); },
      received: (chunk) => { got.push(...chunk); onRead(); },
    });
  });
  await until(() => served !== null);
});
afterEach(async () => {
  connection.destroy();
  served?.destroy();
  await new Promise((resolve) => { server.close(resolve); });
});

const turn = (milliseconds = 5) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });
async function until(true_: () => boolean): Promise<void> {
  for (let left = 400; !true_() && left > 0; left -= 1) await turn();
  expect(true_()).toBe(true);
}
const send = (...bytes: number[]) => served?.write(Uint8Array.from(bytes));

it('reads nothing from a pause within a read until it is resumed, and all of it then', async () => {
  onRead = () => connection.pause();
  send(1);
  await until(() => got.length === 1);
  for (const byte of [2, 3, 4]) {
    send(byte);
    await turn();
  }
  await turn(50);
  expect(got).toEqual([1]);
  onRead = () => undefined;
  connection.resume();
  await until(() => got.length === 4);
  send(5);
  await until(() => got.length === 5);
  expect(got).toEqual([1, 2, 3, 4, 5]);
});

it('pauses a read at a time, as a flood has it', async () => {
  onRead = () => connection.pause();
  for (let byte = 1; byte <= 20; byte += 1) {
    send(byte);
    await until(() => got.length === byte);
    connection.resume();
  }
  expect(got).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
});

it('goes on where it was paused and resumed within one read', async () => {
  onRead = () => {
    connection.pause();
    connection.resume();
  };
  for (let byte = 1; byte <= 5; byte += 1) {
    send(byte);
    await until(() => got.length === byte);
  }
});

it('is paused and resumed from outside too, also one after the other', async () => {
  connection.pause();
  send(1);
  await turn(50);
  expect(got).toEqual([]);
  onRead = () => connection.pause();
  connection.resume();
  await until(() => got.length === 1);
  connection.pause();
  send(2);
  await turn(50);
  expect(got).toEqual([1]);
  connection.resume();
  await until(() => got.length === 2);
});

it('hears the end of the connection once it is resumed, and says nothing once it was destroyed', async () => {
  onRead = () => connection.pause();
  send(1);
  await until(() => got.length === 1);
  served?.end();
  await turn(30);
  connection.resume();
  await until(() => closed.length === 1);
  expect(closed).toEqual(['the server closed the connection']);
  connection.destroy();
  await turn(20);
  expect(closed).toHaveLength(1);
});

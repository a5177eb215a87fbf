// The bounded buffer by itself: order, dropping, the ways to end.
import { expect, it } from 'vitest';
import { UpdateStream } from './updateStream';

it('keeps the newest and counts what it dropped', async () => {
  const stream = new UpdateStream<number>(3);
  for (let value = 1; value <= 5; value += 1) stream.push(value);
  expect([stream.waiting, stream.dropped]).toEqual([3, 2]);
  stream.end();
  const read: number[] = [];
  for await (const value of stream) read.push(value);
  expect(read).toEqual([3, 4, 5]);
});

it('gives to readers that wait already, in their order, and nothing after the end', async () => {
  const stream = new UpdateStream<number>(3);
  const first = stream.next();
  const second = stream.next();
  const third = stream.next();
  stream.push(1);
  stream.push(2);
  stream.end();
  stream.push(3);
  expect(await Promise.all([first, second, third])).toEqual([{ done: false, value: 1 }, { done: false, value: 2 }, { done: true, value: undefined }]);
});

it('an error comes once, after what waits; an abort at once', async () => {
  const failed = new UpdateStream<number>(3);
  failed.push(1);
  failed.fail(new Error('lost'));
  expect(await failed.next()).toEqual({ done: false, value: 1 });
  await expect(failed.next()).rejects.toThrow('lost');
  expect(await failed.next()).toEqual({ done: true, value: undefined });
  const aborted = new UpdateStream<number>(3);
  aborted.push(1);
  aborted.abort(new Error('enough'));
  await expect(aborted.next()).rejects.toThrow('enough');
});

it('tells its source once that it is over, whoever ended it', async () => {
  const ends: string[] = [];
  const broken = new UpdateStream<number>(3);
  broken.whenEnded(() => ends.push('break'));
  broken.push(1);
  for await (const _value of broken) break;
  broken.dispose();
  const over = new UpdateStream<number>(3);
  over.end();
  over.whenEnded(() => ends.push('late'));
  expect(ends).toEqual(['break', 'late']);
});

// Reading within bounds: nothing is lost or turned round, a flood comes a millisecond at a time, and answers don't wait for it.
import { expect, it } from 'vitest';
import { ManualClock } from './memory';
import { PacedReading } from './pacedReading';

function setUp(updatesPerPiece: number, costOfPiece = 0) {
  const clock = new ManualClock();
  const log: string[] = [];
  let updates = 0;
  let cost = 0;
  const taken: number[] = [];
  const own = { now: () => clock.now() + cost, soon: clock.soon.bind(clock), after: clock.after.bind(clock), yieldTo: clock.yieldTo.bind(clock) };
  const connection = { write: () => undefined, pause: () => log.push('pause'), resume: () => log.push('resume'), destroy: () => undefined };
  const reading = new PacedReading(own, () => connection, {
    decode: (piece) => {
      taken.push(...piece);
      updates += updatesPerPiece;
      cost += costOfPiece;
      return true;
    },
    get updates() { return updates; },
  });
  return { clock, log, reading, taken };
}
const one = Uint8Array.of(1);

it('rests for a millisecond in a flood, as long as it lasts', async () => {
  const { clock, log, reading } = setUp(20);
  for (let i = 0; i < 9; i += 1) reading.receive(one, true);
  expect(log).toEqual(['pause']);
  await clock.advance(1);
  expect(log).toEqual(['pause', 'resume']);
  reading.receive(one, true);
  expect(log).toEqual(['pause', 'resume', 'pause']);
});

it('does not rest while updates come one by one, or answers without updates', async () => {
  const slow = setUp(1);
  for (let i = 0; i < 200; i += 1) {
    slow.reading.receive(one, true);
    await slow.clock.advance(0.5);
  }
  const answers = setUp(0);
  for (let i = 0; i < 200; i += 1) answers.reading.receive(one, true);
  expect([slow.log, answers.log]).toEqual([[], []]);
});

it('goes on at once when somebody asks for something, and after the flood', async () => {
  const { clock, log, reading } = setUp(15);
  for (let i = 0; i < 9; i += 1) reading.receive(one, true);
  reading.hurry();
  expect([log, clock.pendingTimers]).toEqual([['pause', 'resume'], 0]);
  // Fewer than in a flood.
  reading.receive(one, true);
  expect(log).toEqual(['pause', 'resume']);
});

it('gives the loop its turn after its share, and keeps the order of what came meanwhile', async () => {
  const { clock, log, reading, taken } = setUp(1, 5);
  const chunk = new Uint8Array(100_000).map((_, i) => i);
  reading.receive(chunk, false);
  expect([taken.length, log, reading.isPaused]).toEqual([2 * 16_384, ['pause'], true]);
  reading.receive(Uint8Array.of(7, 8), false);
  await clock.settle();
  expect([log.at(-1), reading.isPaused]).toEqual(['resume', false]);
  expect(Buffer.compare(Uint8Array.from(taken), Buffer.concat([chunk, Uint8Array.of(7, 8)]))).toBe(0);
});

it('decodes nothing more once it is stopped', async () => {
  const { clock, log, reading, taken } = setUp(1, 5);
  reading.receive(new Uint8Array(100_000), false);
  reading.stop();
  await clock.settle();
  reading.receive(one, true);
  expect([taken.length, log]).toEqual([2 * 16_384, ['pause']]);
});

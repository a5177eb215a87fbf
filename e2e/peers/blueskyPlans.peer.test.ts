// Our plans against bluesky's own of the same name: where the motors are at every point, and at the end, for random parameter sets of each plan.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { planFromWords } from '../../electron/cli/planArguments';
import type { PlanOptions } from '../../electron/cli/planForms';
import { planOf } from '../../electron/scan/plans/plans';
import type { MessageResult } from '../../shared/messages';
import { peerPython } from '../ioc/python';

interface Case { plan: string; args: unknown[]; kwargs: Record<string, unknown>; motors: Record<string, number>; center: number; words: string[]; options: PlanOptions }
interface Followed { rows: number[][]; final: number[] }

/** mulberry32: the same sets in every run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const plans = [
  'scan', 'rel_scan', 'list_scan', 'rel_list_scan', 'grid_scan', 'rel_grid_scan', 'list_grid_scan', 'rel_list_grid_scan', 'log_scan', 'rel_log_scan', 'x2x_scan',
  'spiral', 'rel_spiral', 'spiral_square', 'rel_spiral_square', 'spiral_fermat', 'rel_spiral_fermat', 'adaptive_scan', 'rel_adaptive_scan', 'tune_centroid',
] as const;

/** A parameter set in bluesky's arguments, and the same in the words of our command line; few points where `small`. */
function randomCase(plan: (typeof plans)[number], random: () => number, small: boolean): Case {
  const between = (low: number, high: number): number => low + (high - low) * random();
  const whole = (low: number, high: number): number => Math.floor(between(low, high + 1));
  const numbers = (num: number): number[] => Array.from({ length: num }, () => between(-5, 5));
  const isOne = /log|adaptive|tune/.test(plan);
  const isTwo = /spiral|x2x/.test(plan);
  const names = ['A', 'B', 'C'].slice(0, isOne ? 1 : isTwo ? 2 : /grid/.test(plan) ? whole(2, small ? 2 : 3) : whole(1, 3));
  const motors = Object.fromEntries(names.map((name) => [name, between(-3, 3)]));
  const args: unknown[] = [];
  const kwargs: Record<string, unknown> = {};
  const snakes = names.slice(1).filter(() => random() < 0.5);
  const relative = plan.startsWith('rel_');
  let options: PlanOptions = { snake: false };
  const wind = (): void => {
    if (random() < 0.5) return;
    Object.assign(kwargs, { dr_y: between(0.3, 1), tilt: between(-0.5, 0.5) });
    options = { ...options, ...kwargs as { dr_y: number; tilt: number } };
  };
  const xy = names.map((name) => `motor:${name}`);
  if (/grid/.test(plan)) {
    for (const name of names) args.push(`motor:${name}`, ...(plan.includes('list') ? [numbers(whole(2, small ? 3 : 4))] : [between(-5, 5), between(-5, 5), whole(2, small ? 3 : 5)]));
    kwargs['snake_axes'] = plan.includes('list') ? random() < 0.5 : snakes.map((name) => `motor:${name}`);
    options = kwargs['snake_axes'] === true ? { snake: true } : { snake: false, ...(Array.isArray(kwargs['snake_axes']) ? { snake_axes: snakes.join(',') } : {}) };
  } else if (/list/.test(plan)) {
    const num = whole(1, 8);
    for (const name of names) args.push(`motor:${name}`, numbers(num));
  } else if (plan === 'x2x_scan') args.push(...xy, between(-5, 5), between(-5, 5), whole(2, small ? 6 : 20));
  else if (plan.endsWith('log_scan')) args.push(...xy, between(-2, 1), between(-2, 1), whole(2, small ? 6 : 20));
  else if (plan.endsWith('spiral_square')) args.push(...xy, ...(relative ? [] : numbers(2)), between(1, 5), between(1, 5), whole(2, small ? 4 : 8), whole(2, small ? 4 : 8));
  else if (plan.includes('spiral')) {
    args.push(...xy, ...(relative ? [] : numbers(2)), between(2, small ? 2.6 : 5), between(2, small ? 2.6 : 5), between(small ? 0.5 : 0.3, small ? 0.6 : 0.8), plan.endsWith('fermat') ? between(1, 2) : whole(3, small ? 4 : 8));
    wind();
  } else if (plan === 'tune_centroid') {
    const [low, high] = [between(-4, -1), between(1, 4)];
    args.push('det', ...xy, ...(random() < 0.5 ? [low, high] : [high, low]), between(small ? 0.05 : 0.001, small ? 0.2 : 0.05), whole(5, small ? 6 : 15), between(small ? 3 : 1.5, 4));
    options = { snake: random() < 0.5 };
    kwargs['snake'] = options.snake;
  } else if (plan.endsWith('adaptive_scan')) {
    const [low, high] = [between(-4, -1), between(1, 4)];
    const backstep = random() < 0.5;
    const threshold = between(0.5, 0.95);
    args.push('det', ...xy, ...(random() < 0.5 ? [low, high] : [high, low]), between(small ? 0.1 : 0.01, small ? 0.2 : 0.1), between(small ? 0.5 : 0.2, small ? 1 : 0.6), between(20, 200));
    Object.assign(kwargs, { backstep, threshold });
    options = { snake: false, threshold, ...(backstep ? {} : { no_backstep: true }) };
  } else {
    for (const name of names) args.push(`motor:${name}`, between(-5, 5), between(-5, 5));
    args.push(whole(2, small ? 6 : 30));
  }
  const words = args.map((argument) => (typeof argument === 'string' ? argument.replace('motor:', '') : Array.isArray(argument) ? JSON.stringify(argument) : String(argument)));
  return { plan, args, kwargs, motors, center: between(-0.5, 0.5), words: [plan, 'det', '--', ...words], options };
}

/** Of sums, products and quotients only, which are the same to the last bit in Python: plans feed it back into their positions. */
function peak(positions: readonly number[], center: number): number {
  return 1000 / (1 + positions.reduce((sum, x) => sum + ((x - center) / 0.4) * ((x - center) / 0.4), 0)) + 5;
}

/** Our plan with the same made-up readings. */
function followOurs({ words, options, motors, center }: Case): Followed {
  const positions = new Map(Object.entries(motors));
  const plan = planOf(planFromWords(words, options));
  const rows: number[][] = [];
  let answer: MessageResult;
  for (;;) {
    const step = plan.next(answer);
    if (step.done) return { rows, final: [...positions.values()] };
    const message = step.value;
    answer = undefined;
    if (message.command === 'set') positions.set(message.device, Number(message.value));
    if (message.command === 'read') {
      const value = positions.get(message.device) ?? peak([...positions.values()], center);
      answer = { [message.device]: { value, timestamp: 0 } };
    }
    if (message.command === 'save') rows.push([...positions.values()]);
  }
}

const random = randomNumbers(20261122);
const sets = 200;
const cases = Array.from({ length: sets * plans.length }, (_, index) => randomCase(plans[index % plans.length] ?? 'scan', random, index >= 10 * plans.length));
let theirs: Followed[];
beforeAll(async () => {
  const script = fileURLToPath(new URL('python/bluesky_positions.py', import.meta.url));
  // All in one process: it takes its time, a message after the other.
  const text = await new Promise<string>((resolve, reject) => {
    const child = execFile(peerPython(), [script], { encoding: 'utf8', maxBuffer: 1e9 }, (error, stdout) => (error ? reject(error) : resolve(stdout)));
    child.stdin?.end(JSON.stringify(cases));
  });
  theirs = JSON.parse(text) as Followed[];
}, 600_000);

describe('the plans of bluesky', () => {
  it.each(plans)('%s goes to the same positions, and ends at the same place', (plan) => {
    const own = cases.flatMap((one, index) => (one.plan === plan ? [{ one, index }] : []));
    expect(own).toHaveLength(sets);
    for (const { one, index } of own) {
      const ours = followOurs(one);
      const expected = theirs[index] ?? { rows: [], final: [] };
      expect(expected.rows.length).toBeGreaterThan(0);
      expect([one.words.join(' '), ours.rows.length]).toEqual([one.words.join(' '), expected.rows.length]);
      const flat = [...ours.rows.flat(), ...ours.final];
      // Sines and powers differ in the last bits between numpy and JavaScript; a step that is fed back from readings adds them up.
      const worst = Math.max(...[...expected.rows.flat(), ...expected.final].map((value, at) => Math.abs(value - (flat[at] ?? Number.NaN))));
      expect(worst, one.words.join(' ')).toBeLessThan(1e-9);
      if (/^(scan|rel_scan|grid_scan|rel_grid_scan|.*list.*|x2x_scan|spiral_square|rel_spiral_square)$/.test(plan)) expect(flat).toEqual([...expected.rows.flat(), ...expected.final]);
    }
  });
});

// How each plan is written on the command line, in bluesky's order: what stands after `--`, and which options it has.
import { planDescriptions, type PlanField } from '@shared/plans';
import type { OptionKind } from './arguments';
import { UsageError } from './command';

export interface PlanOptions {
  readonly snake: boolean;
  readonly no_backstep?: boolean;
  readonly [name: string]: number | string | boolean | undefined;
}
/** The words after `--`, the options that were given, and how the plan is written. */
export interface Written { readonly words: readonly string[]; readonly options: PlanOptions; readonly form: string }
type Args = Record<string, unknown>;
export interface PlanForm {
  readonly form: string;
  /** The plan reads no detectors: all its words are its own, with `--` or without. */
  readonly alone?: boolean;
  readonly args: (written: Written) => Args;
}

export function number(text: string | undefined, what: string): number {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new UsageError(`${what} is a number, not "${text ?? ''}".`);
  return value;
}

function misfit(form: string): UsageError {
  return new UsageError(`These arguments do not fit. Write: ${form}`);
}

/** Splits `M1 0 1 5 M2 0 2 3` into rows of `width`. */
function rows({ form }: Written, words: readonly string[], width: number): string[][] {
  if (words.length === 0 || words.length % width !== 0) throw misfit(form);
  return Array.from({ length: words.length / width }, (_, index) => words.slice(index * width, (index + 1) * width));
}
function exactly({ words, form }: Written, least: number, most = least): readonly string[] {
  if (words.length < least || words.length > most) throw misfit(form);
  return words;
}
/** Options as arguments, those that were given. */
function given({ options }: Written, ...names: readonly string[]): Args {
  return Object.fromEntries(names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])));
}
function numbersOf(text: string | undefined, motor: string | undefined): number[] {
  const list = (text ?? '').trim().replace(/^\[|\]$/g, '');
  return list.split(/[\s,]+/).filter(Boolean).map((one) => number(one, `Each position of ${motor ?? ''}`));
}
/** `--snake_axes M2,M3`: of each axis; otherwise nothing, and `--snake` is for all. */
function snakeOf({ options }: Written, motor: string | undefined): Args {
  return typeof options['snake_axes'] === 'string' ? { snake: options['snake_axes'].split(',').includes(motor ?? '') } : {};
}

function line(written: Written): Args {
  const { words, options } = written;
  const last = options['num'] === undefined ? words[words.length - 1] : String(options['num']);
  const ranges = options['num'] === undefined ? words.slice(0, -1) : words;
  const axes = rows(written, ranges, 3).map(([motor, start, stop]) => ({ motor, start: number(start, `The start of ${motor}`), stop: number(stop, `The stop of ${motor}`) }));
  return { num: number(last, 'The number of points'), axes };
}
function lists(written: Written): Args {
  return { axes: rows(written, written.words, 2).map(([motor, positions]) => ({ motor, positions: numbersOf(positions, motor) })) };
}
function listGrid(written: Written): Args {
  return { snake: written.options.snake, axes: rows(written, written.words, 2).map(([motor, positions]) => ({ motor, positions: numbersOf(positions, motor), ...snakeOf(written, motor) })) };
}
function grid(written: Written): Args {
  return {
    snake: written.options.snake,
    axes: rows(written, written.words, 4).map(([motor, start, stop, num]) => ({
      motor, start: number(start, `The start of ${motor}`), stop: number(stop, `The stop of ${motor}`), num: number(num, `The number of points of ${motor}`), ...snakeOf(written, motor),
    })),
  };
}
function x2x(written: Written): Args {
  const [first, second, start, stop, num] = exactly(written, 5);
  return { axes: [{ motor: first }, { motor: second }], start: number(start, 'The start'), stop: number(stop, 'The stop'), num: number(num, 'The number of points') };
}

/** `X Y` and then a pair of numbers for each of `pairs`, and one for each of `singles`. */
function pairs(columns: readonly string[], singles: readonly string[], options: readonly string[] = []) {
  return (written: Written): Args => {
    const [x, y, ...rest] = exactly(written, 2 + columns.length * 2 + singles.length);
    const own = [x, y].map((motor, side) => ({
      motor, ...Object.fromEntries(columns.map((column, index) => [column, number(rest[index * 2 + side], `The ${column} of ${motor}`)])),
    }));
    return { axes: own, ...Object.fromEntries(singles.map((name, index) => [name, number(rest[columns.length * 2 + index], name)])), ...given(written, ...options) };
  };
}

/** `[SIGNAL] MOTOR START STOP` and then numbers, the first `least` of which must be there. */
function search(names: readonly string[], least: number, options: readonly string[]) {
  return (written: Written): Args => {
    const first = written.words.findIndex((word) => Number.isFinite(Number(word)));
    if (first !== 1 && first !== 2) throw misfit(written.form);
    const signal = first === 2 ? { signal: written.words[0] } : {};
    const [motor, start, stop, ...rest] = exactly({ ...written, words: written.words.slice(first - 1) }, 3 + least, 3 + names.length);
    return {
      axes: [{ motor, start: number(start, `The start of ${motor}`), stop: number(stop, `The stop of ${motor}`) }],
      ...Object.fromEntries(rest.map((text, index) => [names[index], number(text, names[index] ?? '')])), ...signal, ...given(written, ...options),
    };
  };
}
const adaptive = (written: Written): Args => ({
  ...search(['min_step', 'max_step', 'target_delta'], 3, ['signal', 'threshold'])(written), backstep: written.options.no_backstep !== true,
});
function xanes(written: Written): Args {
  const [motor, ...rest] = written.words;
  const regions = rows(written, rest, 4).map(([start, stop, step, dwell]) => ({
    start: number(start, 'The start of a region'), stop: number(stop, 'The stop of a region'), step: number(step, 'The step of a region'), dwell: number(dwell, 'The dwell of a region'),
  }));
  return { axes: [{ motor }], regions, ...given(written, 'timer') };
}
function nothingMoves(plan: string, ...options: readonly string[]) {
  return (written: Written): Args => {
    if (written.words.length > 0) throw new UsageError(`\`${plan}\` moves nothing. Write: ${written.form}`);
    return given(written, ...options);
  };
}

const round = ['dr_y', 'tilt'];
const area = '[--dr_y d] [--tilt rad]';
export const planForms: Readonly<Record<string, PlanForm>> = {
  count: { form: 'count DET.. --num n --delay s', args: nothingMoves('count', 'num', 'delay') },
  time_series: { form: 'time_series DET.. --duration s [--interval s]', args: nothingMoves('time_series', 'duration', 'interval') },
  scan: { form: 'scan DET.. -- MOTOR START STOP [MOTOR2 START STOP] NUM', args: line },
  rel_scan: { form: 'rel_scan DET.. -- MOTOR FROM TO [MOTOR2 FROM TO] NUM', args: line },
  list_scan: { form: 'list_scan DET.. -- MOTOR "[..]" [MOTOR2 "[..]"]', args: lists },
  rel_list_scan: { form: 'rel_list_scan DET.. -- MOTOR "[..]" [MOTOR2 "[..]"]', args: lists },
  log_scan: { form: 'log_scan DET.. -- MOTOR FIRST_EXPONENT LAST_EXPONENT NUM', args: line },
  rel_log_scan: { form: 'rel_log_scan DET.. -- MOTOR FIRST_EXPONENT LAST_EXPONENT NUM', args: line },
  x2x_scan: { form: 'x2x_scan DET.. -- MOTOR HALF_MOTOR FROM TO NUM', args: x2x },
  grid_scan: { form: 'grid_scan DET.. -- M1 A B N M2 A B N [--snake | --snake_axes M2,M3]', args: grid },
  rel_grid_scan: { form: 'rel_grid_scan DET.. -- M1 A B N M2 A B N [--snake | --snake_axes M2,M3]', args: grid },
  list_grid_scan: { form: 'list_grid_scan DET.. -- M1 "[..]" M2 "[..]" [--snake | --snake_axes M2,M3]', args: listGrid },
  rel_list_grid_scan: { form: 'rel_list_grid_scan DET.. -- M1 "[..]" M2 "[..]" [--snake | --snake_axes M2,M3]', args: listGrid },
  spiral: { form: `spiral DET.. -- X Y X_START Y_START X_RANGE Y_RANGE DR NTH ${area}`, args: pairs(['start', 'range'], ['dr', 'nth'], round) },
  rel_spiral: { form: `rel_spiral DET.. -- X Y X_RANGE Y_RANGE DR NTH ${area}`, args: pairs(['range'], ['dr', 'nth'], round) },
  spiral_square: { form: 'spiral_square DET.. -- X Y X_CENTER Y_CENTER X_RANGE Y_RANGE X_NUM Y_NUM', args: pairs(['center', 'range', 'num'], []) },
  rel_spiral_square: { form: 'rel_spiral_square DET.. -- X Y X_RANGE Y_RANGE X_NUM Y_NUM', args: pairs(['range', 'num'], []) },
  spiral_fermat: { form: `spiral_fermat DET.. -- X Y X_START Y_START X_RANGE Y_RANGE DR FACTOR ${area}`, args: pairs(['start', 'range'], ['dr', 'factor'], round) },
  rel_spiral_fermat: { form: `rel_spiral_fermat DET.. -- X Y X_RANGE Y_RANGE DR FACTOR ${area}`, args: pairs(['range'], ['dr', 'factor'], round) },
  adaptive_scan: { form: 'adaptive_scan DET.. -- [SIGNAL] MOTOR START STOP MIN_STEP MAX_STEP TARGET_DELTA [--no_backstep] [--threshold t]', args: adaptive },
  rel_adaptive_scan: { form: 'rel_adaptive_scan DET.. -- [SIGNAL] MOTOR FROM TO MIN_STEP MAX_STEP TARGET_DELTA [--no_backstep] [--threshold t]', args: adaptive },
  tune_centroid: {
    form: 'tune_centroid DET.. -- [SIGNAL] MOTOR START STOP MIN_STEP [NUM [STEP_FACTOR]] [--snake]',
    args: (written) => ({ ...search(['min_step', 'num', 'step_factor'], 1, ['signal', 'num', 'step_factor'])(written), snake: written.options.snake }),
  },
  xanes: { form: 'xanes DET.. -- ENERGY START STOP STEP DWELL [START STOP STEP DWELL].. [--timer PV]', args: xanes },
  fly: {
    form: 'fly DET.. -- MOTOR START STOP [NUM] [--speed v]',
    args: (written) => {
      const [motor, start, stop, num] = exactly(written, 3, 4);
      return {
        axes: [{ motor, start: number(start, `The start of ${motor}`), stop: number(stop, `The stop of ${motor}`) }],
        ...given(written, 'num', 'speed'), ...(num === undefined ? {} : { num: number(num, 'The number of points') }),
      };
    },
  },
  ramp_plan: {
    form: 'ramp_plan DET.. -- MOTOR STOP [MOTOR2 STOP] [--period s] [--no_take_pre_data] [--timeout s] [--monitor PV]',
    args: (written) => ({
      axes: rows(written, written.words, 2).map(([motor, stop]) => ({ motor, stop: number(stop, `The stop of ${motor}`) })),
      ...given(written, 'period', 'timeout', 'monitor'), take_pre_data: written.options['no_take_pre_data'] !== true,
    }),
  },
  sequence: { form: 'sequence "PLAN ARGS.." "PLAN ARGS.."', alone: true, args: () => ({}) },
  loop: { form: 'loop TIMES PLAN ARGS.. [--delay s]', alone: true, args: () => ({}) },
  include: { form: 'include FILE.json|FILE.ts', alone: true, args: () => ({}) },
  move: {
    form: 'move -- MOTOR POSITION [MOTOR2 POSITION]', alone: true,
    args: (written) => ({ axes: rows(written, written.words, 2).map(([motor, position]) => ({ motor, position: number(position, `The position of ${motor}`) })) }),
  },
  set: {
    form: 'set DEVICE VALUE [--readback PV] [--tolerance t] [--timeout s]', alone: true,
    args: (written) => ({ axes: rows(written, exactly(written, 2), 2).map(([motor, value]) => ({ motor, value })), ...given(written, 'readback', 'tolerance', 'timeout') }),
  },
  sleep: { form: 'sleep SECONDS', alone: true, args: (written) => ({ seconds: number(exactly(written, 1)[0], 'The time') }) },
};

/** Short names. */
export const otherNames: Readonly<Record<string, string>> = { fermat: 'spiral_fermat', adaptive: 'adaptive_scan', ramp: 'ramp_plan' };

function kindOf({ kind, unit }: PlanField): OptionKind | null {
  if (kind === 'number') return unit === 's' ? 'seconds' : 'number';
  return kind === 'integer' || kind === 'text' ? kind : null;
}

/** One for each field of a plan that is a number or a text; a choice that is on unless told is turned off with `--no_NAME`. */
export function planOptions(): Readonly<Record<string, OptionKind>> & { readonly snake: 'flag' } {
  const all: Record<string, OptionKind> = { snake_axes: 'text' };
  for (const field of planDescriptions.flatMap(({ fields }) => fields)) {
    const kind = kindOf(field);
    if (kind) all[field.name] = kind;
    if (field.kind === 'boolean') all[field.initial === true ? `no_${field.name}` : field.name] = 'flag';
  }
  return { ...all, snake: 'flag' };
}

// What a plan yields: descriptions of single steps, which only the engine carries out. The vocabulary is bluesky's.
import type { NumericArray } from './pv';

export type Message =
  | OpenRunMessage
  | { readonly command: 'close_run' }
  | { readonly command: 'stage'; readonly device: string }
  | { readonly command: 'unstage'; readonly device: string }
  /** Here a scan may rest, and from here it goes on after a pause. */
  | { readonly command: 'checkpoint' }
  /** Opens an event in a stream; the `read`s until `save` fill it. */
  | { readonly command: 'create'; readonly stream: string }
  | { readonly command: 'save' }
  | { readonly command: 'drop' }
  /** Starts without waiting; `wait` with the same group waits for all that was started in it. */
  | { readonly command: 'trigger'; readonly device: string; readonly group: string }
  | { readonly command: 'set'; readonly device: string; readonly value: number | string; readonly group: string }
  | { readonly command: 'wait'; readonly group: string }
  /** Its result is a `Readings`. Outside an event it is the plan's own business. */
  | { readonly command: 'read'; readonly device: string }
  /** Its result is a `Readings` with `clock`: seconds of a clock that never jumps. */
  | { readonly command: 'clock' }
  /** `since: 'checkpoint'`: until so long after the last checkpoint, no time where that is over. */
  | { readonly command: 'sleep'; readonly seconds: number; readonly since?: 'checkpoint' }
  /** Whether all that was started in the group has ended; its result is a `Readings` with `done`, 1 or 0. Fails as `wait` would. */
  | { readonly command: 'poll'; readonly group: string }
  /** Every update of the device from here to `unmonitor` is an event in a stream of its own, `NAME_monitor`. */
  | { readonly command: 'monitor'; readonly device: string }
  | { readonly command: 'unmonitor'; readonly device: string }
  /** How fast a motor moves, in its units per second, until the end of the plan; then its own speed is put back. */
  | { readonly command: 'configure'; readonly device: string; readonly speed: number }
  | KickoffMessage
  /** No more samples; those that wait for a position get theirs. */
  | { readonly command: 'complete' }
  /** Rests at once, until somebody resumes. */
  | { readonly command: 'pause'; readonly reason: string };

export interface OpenRunMessage {
  readonly command: 'open_run';
  readonly plan: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly detectors: readonly string[];
  readonly motors: readonly string[];
  /** Left out where the plan can't know. */
  readonly points?: number;
  /** Points per axis of a grid, the slowest first. */
  readonly shape?: readonly number[];
  /** First and last position per axis. */
  readonly extents?: readonly (readonly [number, number])[];
  readonly snaking?: readonly boolean[];
  /** `rectilinear`: the points lie on an even grid, and are taken in its order. */
  readonly gridding?: 'rectilinear' | 'rectilinear_nonsequential';
  /** The devices that span each dimension, the slowest first; none: over time. */
  readonly dimensions: readonly (readonly string[])[];
  /** What the run is a part of. */
  readonly whole?: PlanWhole;
}

/** A plan made of others, and which of its parts a run belongs to, from 0; waits between plans are parts too. */
export interface PlanWhole { readonly plan: string; readonly args: Readonly<Record<string, unknown>>; readonly part: number }

/**
 * From here to `complete` every sample of the first detector is an event of `stream`, with the last values of the other detectors and
 * the motors' positions at the time of the sample, between the two read-backs next to it.
 */
export interface KickoffMessage {
  readonly command: 'kickoff';
  readonly stream: string;
  readonly detectors: readonly string[];
  readonly motors: readonly string[];
  /** Only samples at the places of an even division of this way are kept, one each. */
  readonly along?: { readonly motor: string; readonly start: number; readonly stop: number; readonly num: number };
  /** Where the last sample of a flight that goes on was taken: what lies before is not kept again. */
  readonly after?: number;
}

export type CommandName = Message['command'];
export type MessageOf<C extends CommandName> = Extract<Message, { command: C }>;

export type ReadingValue = number | string | readonly number[] | readonly string[] | NumericArray;
/** `timestamp`: Unix seconds, the control system's. */
export interface Reading { readonly value: ReadingValue; readonly timestamp: number }
export type Readings = Readonly<Record<string, Reading>>;

/** What the engine gives back for a message: those of a `read`, a `clock` and a `poll`, nothing for the others. */
export type MessageResult = Readings | undefined;
/** A plan. Scripts in a worker yield the same messages asynchronously. */
export type Plan = Generator<Message, void, MessageResult> | AsyncGenerator<Message, void, MessageResult>;

/** Numbers of an array that a script, and a plan that is led through its run again, are told; longer ones, which are images, they are not. */
export const longestTold = 65_536;

// What goes between a script's worker and its plan; and the check of what a script yields, which is nobody's word but the script's.
import { EndstationError } from '@shared/errors';
import type { Message, MessageResult } from '@shared/messages';
import type { ScriptProblem } from '@shared/scripts';
import * as v from 'valibot';

export interface ScriptJob { readonly source: string; readonly name: string; readonly plans: readonly string[]; readonly checkOnly: boolean }
export type ToScript =
  | { readonly kind: 'begin' | 'return' }
  | { readonly kind: 'next'; readonly result: MessageResult }
  | { readonly kind: 'throw'; readonly error: { readonly code: string; readonly message: string } };
export type FromScript =
  /** Checked, and where it is to run ready to begin. */
  | { readonly kind: 'checked'; readonly problems: readonly ScriptProblem[] }
  /** The realm's JSON. */
  | { readonly kind: 'answer'; readonly text: string };

const device = v.pipe(v.string(), v.minLength(1), v.maxLength(500));
const devices = v.pipe(v.array(device), v.maxLength(200));
const group = v.pipe(v.string(), v.maxLength(200));
const stream = v.pipe(v.string(), v.regex(/^\w{1,60}$/));
const only = <const C extends string>(command: C) => v.strictObject({ command: v.literal(command) });

const yielded = v.variant('command', [
  only('close_run'), only('checkpoint'), only('save'), only('drop'), only('clock'), only('complete'),
  v.strictObject({ command: v.literal('stage'), device }), v.strictObject({ command: v.literal('unstage'), device }), v.strictObject({ command: v.literal('read'), device }),
  v.strictObject({ command: v.literal('monitor'), device }), v.strictObject({ command: v.literal('unmonitor'), device }),
  v.strictObject({ command: v.literal('create'), stream }), v.strictObject({ command: v.literal('trigger'), device, group }),
  v.strictObject({ command: v.literal('set'), device, value: v.union([v.pipe(v.number(), v.finite()), v.string()]), group }),
  v.strictObject({ command: v.literal('wait'), group }), v.strictObject({ command: v.literal('poll'), group }),
  v.strictObject({ command: v.literal('sleep'), seconds: v.pipe(v.number(), v.minValue(0)), since: v.optional(v.literal('checkpoint')) }),
  v.strictObject({ command: v.literal('configure'), device, speed: v.pipe(v.number(), v.finite(), v.check((speed) => speed > 0)) }),
  v.strictObject({ command: v.literal('kickoff'), stream, detectors: devices, motors: devices }),
  v.strictObject({ command: v.literal('pause'), reason: v.pipe(v.string(), v.maxLength(1000)) }),
  v.strictObject({ command: v.literal('plan'), plan: v.string(), args: v.unknown() }),
  v.strictObject({
    command: v.literal('open_run'), plan: v.pipe(v.string(), v.regex(/^\w{1,60}$/)), args: v.record(v.string(), v.unknown()), detectors: devices, motors: devices,
    points: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))), dimensions: v.array(devices),
  }),
]);

/** A built-in plan that a script asks for. */
export interface PlanCall { readonly command: 'plan'; readonly plan: string; readonly args: unknown }

/** Errors: `SCRIPT`, for what is no message. */
export function checkMessage(value: unknown): Message | PlanCall {
  const result = v.safeParse(yielded, value);
  if (result.success) return result.output as Message | PlanCall;
  const shown = JSON.stringify(value) ?? String(value);
  throw new EndstationError('SCRIPT', `The script yielded what is no message: ${shown.slice(0, 200)}. Use yield* with the functions that there are, such as "yield* read(device)".`);
}

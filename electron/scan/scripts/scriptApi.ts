// TypeScript declarations of what a script may use: made of the plans' own descriptions, for completion in an editor.
import { planDescriptions } from '@shared/plans';
import type { PlanField } from '@shared/plans';

const types: Readonly<Record<Exclude<PlanField['kind'], 'axes' | 'rows'>, string>> = {
  detectors: 'readonly string[]', motor: 'string', number: 'number', integer: 'number', boolean: 'boolean', text: 'string', list: 'readonly number[]',
  plan: 'PlanCall', plans: 'readonly PlanCall[]', file: 'string', source: 'string',
};

function fieldText(field: PlanField): string {
  const type = field.kind === 'axes' || field.kind === 'rows' ? `readonly { ${(field.columns ?? []).map(fieldText).join(' ')} }[]` : types[field.kind];
  const mark = field.optional === true || field.initial !== undefined || field.notFirst === true ? '?' : '';
  return `/** ${field.doc} */ ${field.name}${mark}: ${type};`;
}

const basics = `// What a plan script may use. A script's plan is its default export: a generator function that yields.
type Value = number | string | readonly number[] | readonly string[];
interface Reading { readonly value: Value; readonly timestamp: number }
type Readings = Readonly<Record<string, Reading>>;
interface Message { readonly command: string }
/** Use it with yield*: \`const x = yield* read('SIM:I1');\` */
type Steps<T = void> = Generator<Message, T, any>;
interface PlanCall { readonly plan: string; readonly args: object }

/** Moves all devices at once and waits until they have arrived: \`yield* move('SIM:M1', 1.5, 'SIM:M2', 0)\`. */
declare function move(...devicesAndPositions: readonly (string | number)[]): Steps;
/** Sends a device on its way without waiting; \`wait\` with the same group waits for it. */
declare function set(device: string, value: number | string, group?: string): Steps;
declare function wait(group?: string): Steps;
/** Whether all that was sent on its way in the group has arrived. */
declare function done(group?: string): Steps<boolean>;
/** The device's value now; the first, where it has several. */
declare function read(device: string): Steps<number>;
/** All values of the device, by their names in the data. */
declare function readings(device: string): Steps<Readings>;
declare function sleep(seconds: number): Steps;
/** Here the scan may rest, and from here it goes on after a pause. */
declare function checkpoint(): Steps;
/** Rests until somebody resumes. */
declare function pause(reason?: string): Steps;
/** Seconds of a clock that never jumps. */
declare function now(): Steps<number>;
/** One point of the run: triggers the detectors at once, reads them and the others, and records all. Gives the values by name. */
declare function triggerAndRead(detectors: string | readonly string[], others?: string | readonly string[], stream?: string): Steps<Readonly<Record<string, any>>>;
/** A run of its own: opened before the body and closed after it, devices staged and unstaged whatever happens. */
declare function run<T>(about: { name?: string; detectors?: string | readonly string[]; motors?: string | readonly string[]; points?: number; args?: object }, body: () => Generator<Message, T, any>): Steps<T>;
/** Evenly spaced numbers, both ends included. */
declare function linspace(start: number, stop: number, num: number): number[];
/** Shown in the window, and on the command line. */
declare function print(...words: readonly unknown[]): void;
`;

export function scriptDeclarations(): string {
  const usable = planDescriptions.filter(({ name }) => name !== 'script' && name !== 'include');
  const plans = usable.map(({ name, doc, fields }) => `  /** ${doc} */\n  ${name}(args: {\n${fields.map((field) => `    ${fieldText(field)}`).join('\n')}\n  }): Steps;`);
  return `${basics}/** The built-in plans: \`yield* plans.scan({ detectors: ['SIM:I1'], axes: [{ motor: 'SIM:M1', start: 0, stop: 1 }], num: 11 })\`. */\ndeclare const plans: {\n${plans.join('\n')}\n};\n`;
}

// Follows a plan again through what its run has on disk, without acting: readings come from the journal, moves are only noted.
// Because plans are pure, it then stands where it stood, adaptive or not, and what it yields next is the rest of the run.
import { settingsStream } from '@shared/changedSettings';
import { dataKeyName } from '@shared/dataKeyName';
import type { Descriptor, Event, RunDocument, RunStart } from '@shared/documents';
import { editKeys, editsStream } from '@shared/edits';
import { EndstationError } from '@shared/errors';
import type { KickoffMessage, Message, MessageOf, MessageResult, OpenRunMessage, Plan, Reading, Readings } from '@shared/messages';
import { checkPlan } from '@shared/plans';
import { interruptionsStream, type PlanReading } from '@shared/resume';
import type { Editing } from '../plans/editing';
import { ReplannedError } from '../plans/itinerary';

/** The plan does something else than what the journal has. */
export class PlanDiffersError extends EndstationError {
  constructor(message: string) {
    super('PLAN_DIFFERS', `${message} The plan or its program is not what made this run, so the rest would not belong to it. Abandon the run, and start the scan anew.`);
  }
}

const oddNumbers: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity: Infinity, '-Infinity': -Infinity };
/** Of a position, relative: what a record may round. */
const rounding = 1e-6;

type Step = IteratorResult<Message, void>;

export class Replay {
  /** Where the plan had sent what it moved, as of the last point. */
  readonly targets = new Map<string, number | string>();
  readonly staged = new Set<string>();
  /** Every device that it named. */
  readonly devices = new Set<string>();
  #open: OpenRunMessage | null = null;
  /** What it read before its run, by device. */
  readonly #origins = new Map<string, PlanReading>();
  readonly #streams = new Map<string, Descriptor>();
  readonly #places = new Map<string, number>();
  readonly #before: PlanReading[];
  /** Messages since the last point, with their answers given; the last one may be without. */
  #since: Message[] = [];
  /** Yielded, and not answered yet. */
  #waiting: Message | null = null;
  #answer: MessageResult;
  #started = false;
  #ended = false;
  /** The last message that it was answered saved a point, and it was not asked since. */
  #saved = false;
  /** Seconds of the run's own clock. */
  #clock: number;
  /** Set and not waited for, by group: on their way, and read meanwhile. */
  readonly #onTheirWay = new Map<string, MessageOf<'set'>[]>();
  readonly #monitored = new Map<string, Message>();
  /** From here on each event is a sample on the way; and where the last one was taken. */
  #flight: KickoffMessage | null = null;
  #flown: number | null = null;
  /** Points of the whole as it was changed last, and of its path those that are not to be visited any more. */
  #edited: { readonly points: number; readonly skipped: number; readonly after: number } | null = null;

  /** `editing`: that of the plan, where its points can be changed. */
  constructor(private readonly plan: Plan, private readonly start: RunStart, readonly editing: Editing | null = null) {
    const { plan_readings: readings } = start as RunStart & { plan_readings?: unknown };
    this.#before = Array.isArray(readings) ? [...readings as PlanReading[]] : [];
    this.#clock = start.time;
  }

  /** Those of the journal, in order. Errors: `PLAN_DIFFERS`. */
  async take(document: RunDocument): Promise<void> {
    if (document.name === 'descriptor') this.#streams.set(document.doc.uid, document.doc);
    if (document.name !== 'event') return;
    const stream = this.#streams.get(document.doc.descriptor);
    if (!stream || stream.name === interruptionsStream || stream.name === settingsStream) return;
    if (!this.#open) await this.#toRun();
    if (stream.name === editsStream) await this.#replan(document.doc);
    else await this.#point(stream, document.doc);
  }

  /** Points of the whole where they were changed on the way; else null. */
  get points(): number | null { return this.#edited?.points ?? null; }

  /** Of the path as it is now, those that are behind it when the run has `points`. */
  behind(points: number): number {
    return this.#edited ? this.#edited.skipped + points - this.#edited.after : points;
  }

  /** What the plan has still to do. To be called once, after the last document. Errors: `PLAN_DIFFERS`. */
  async rest(): Promise<Plan> {
    await this.reachRun();
    // It hears that its last point is taken.
    await this.#look();
    const rest = this.#rest();
    return begun(rest, await rest.next());
  }

  /** After the last document: up to the opening of the run where it has no point, and where all stood. Errors: `PLAN_DIFFERS`. */
  async reachRun(): Promise<void> {
    if (!this.#open) await this.#toRun();
    for (const { device } of this.#waysLeft()) this.targets.set(device, this.#places.get(device) ?? this.targets.get(device) ?? Number.NaN);
  }

  /** Where a device stood before the run, which a relative plan counts from; NaN where it was not read. */
  originOf(device: string): number {
    const { keys = [], values = [] } = this.#origins.get(device) ?? {};
    const at = Math.max(0, keys.findIndex((key) => key.endsWith('_setpoint')));
    return Number(values[at] ?? Number.NaN);
  }

  /** Up to the opening of the run. */
  async #toRun(): Promise<void> {
    for (;;) {
      const message = await this.#look();
      if (message === null) throw new PlanDiffersError('The plan opens no run.');
      if (message.command === 'open_run') {
        if (message.plan !== this.start.plan_name) throw new PlanDiffersError(`The plan is ${message.plan}, the run's is ${this.start.plan_name}.`);
        this.#open = message;
        this.#give(undefined);
        this.#since = [];
        return;
      }
      this.#note(message);
      this.#give(message.command === 'read' ? this.#readBefore(message.device) : this.#plain(message));
    }
  }

  /** Up to the end of this event; one that the plan did not make itself is passed over. */
  async #point(stream: Descriptor, event: Event): Promise<void> {
    let inEvent = false;
    for (;;) {
      if (this.#flight) {
        if (stream.name === this.#flight.stream) this.#sample(this.#flight, stream, event);
        return;
      }
      const message = await this.#look();
      if (message === null || message.command === 'close_run') {
        // The baseline of a run's end, for one.
        if (stream.name !== 'primary') return;
        throw new PlanDiffersError(`The plan ends before point ${event.seq_num}, which the journal has.`);
      }
      if (message.command === 'create') {
        if (message.stream !== stream.name) {
          if (stream.name !== 'primary') return;
          throw new PlanDiffersError(`The plan records "${message.stream}" where the journal has point ${event.seq_num}.`);
        }
        inEvent = true;
      }
      if (message.command === 'save') {
        for (const done of this.#since) {
          if (done.command === 'set') this.targets.set(done.device, done.value);
        }
        if (stream.name === 'primary') {
          this.#compare(stream, event);
          this.#keepPlaces(stream, event);
        }
        this.#clock = event.time;
        this.#give(undefined);
        this.#since = [];
        this.#saved = true;
        return;
      }
      this.#note(message);
      if (message.command === 'read' && !inEvent) throw new PlanDiffersError(`The plan reads ${message.device} between two points, and the journal does not have what it read.`);
      this.#give(message.command === 'read' ? this.#readings(stream, event, message.device) : this.#plain(message));
    }
  }

  #plain(message: Message): MessageResult {
    return message.command === 'clock' ? { clock: { value: this.#clock, timestamp: this.#clock } } : undefined;
  }

  #sample(flight: KickoffMessage, stream: Descriptor, event: Event): void {
    this.#clock = event.time;
    this.#keepPlaces(stream, event);
    for (const motor of flight.motors) this.targets.set(motor, this.#places.get(motor) ?? Number.NaN);
    this.#flown = this.#places.get(flight.along?.motor ?? flight.motors[0] ?? '') ?? null;
  }

  /** Where the devices were at the last point, by their read-backs. */
  #keepPlaces(stream: Descriptor, event: Event): void {
    for (const device of this.devices) {
      const [key = ''] = keysOf(stream, device) ?? [];
      const place = event.data[key];
      if (typeof place === 'number') this.#places.set(device, place);
    }
  }

  /** The points that were left were replaced: the one under way is none of the new ones. */
  async #replan(event: Event): Promise<void> {
    const { editing } = this;
    const { [editKeys.args]: args, [editKeys.skipped]: skipped, [editKeys.point]: after } = event.data;
    const checked = checkPlan(this.start.plan_name, JSON.parse(String(args)));
    if (!editing || !checked.ok) throw new PlanDiffersError(`The points of the run were changed after point ${String(after)}, to what this program can not follow.`);
    // Up to its first point, where none is taken yet.
    while (!editing.underWay) {
      const message = await this.#look();
      if (message === null || message.command === 'close_run') throw new PlanDiffersError('The plan has no points, and the journal says that they were changed.');
      if (editing.underWay) break;
      this.#note(message);
      this.#give(this.#plain(message));
    }
    const { points } = editing.replace(checked.request, Number(skipped), this.#saved);
    this.#edited = { points, skipped: Number(skipped), after: Number(after) };
    await this.#throwIn(new ReplannedError());
  }

  /** Nothing of before is done again. Errors: the plan's. */
  async #throwIn(error: unknown): Promise<void> {
    const step: Step = await this.plan.throw(error);
    this.#since = [];
    this.#saved = false;
    this.#answer = undefined;
    this.#ended = step.done === true;
    this.#waiting = step.done === true ? null : step.value;
  }

  #note(message: Message): void {
    if ('device' in message) this.devices.add(message.device);
    if (message.command === 'set') this.#onTheirWay.set(message.group, [...this.#onTheirWay.get(message.group) ?? [], message]);
    else if (message.command === 'wait') this.#onTheirWay.delete(message.group);
    else if (message.command === 'monitor') this.#monitored.set(message.device, message);
    else if (message.command === 'unmonitor') this.#monitored.delete(message.device);
    else if (message.command === 'kickoff') this.#flight = message;
    if (message.command === 'stage') this.staged.add(message.device);
    else if (message.command === 'unstage') this.staged.delete(message.device);
    else this.#since.push(message);
  }

  /** At a point all has arrived: its set-points must be those of the journal. */
  #compare(stream: Descriptor, event: Event): void {
    for (const [device, target] of this.targets) {
      const key = keysOf(stream, device)?.find((name) => name.endsWith('_setpoint'));
      const recorded = key === undefined ? undefined : event.data[key];
      if (typeof recorded !== 'number' || typeof target !== 'number') continue;
      const step = 10 ** -(stream.data_keys[key ?? '']?.precision ?? 6);
      if (Math.abs(recorded - target) > Math.max(step, rounding * Math.abs(target))) {
        throw new PlanDiffersError(`At point ${event.seq_num} the plan sends ${device} to ${target}, the journal has ${recorded}.`);
      }
    }
  }

  #readings(stream: Descriptor, event: Event, device: string): Readings {
    const keys = keysOf(stream, device);
    if (!keys) throw new PlanDiffersError(`The plan reads ${device} at point ${event.seq_num}, which the journal does not have.`);
    const readings: Record<string, Reading> = {};
    for (const key of keys) {
      const value = event.data[key];
      if (value === undefined) continue;
      const isText = stream.data_keys[key]?.dtype === 'string';
      readings[key] = { value: typeof value === 'string' && !isText ? oddNumbers[value] ?? value : value, timestamp: event.timestamps[key] ?? event.time };
    }
    return readings;
  }

  #readBefore(device: string): Readings {
    // What plans before it in a sequence read comes first.
    const at = this.#before.map((reading) => reading.device).lastIndexOf(device);
    const [found] = at < 0 ? [] : this.#before.splice(at, 1);
    if (found) this.#origins.set(device, found);
    if (!found) throw new PlanDiffersError(`The plan began with reading ${device}, and the journal does not have what it read.`);
    return Object.fromEntries(found.keys.map((key, index) => [key, { value: found.values[index] ?? Number.NaN, timestamp: found.timestamps[index] ?? this.start.time }]));
  }

  /** The message that waits for its answer, or the next one; null: the plan has ended. */
  async #look(): Promise<Message | null> {
    if (this.#waiting || this.#ended) return this.#waiting;
    this.#saved = false;
    const asked = this.#started ? this.plan.next(this.#answer) : this.plan.next();
    const step: Step = asked instanceof Promise ? await asked : asked;
    this.#started = true;
    this.#answer = undefined;
    if (step.done) this.#ended = true;
    else this.#waiting = step.value;
    return this.#waiting;
  }

  #give(result: MessageResult): void {
    this.#answer = result;
    this.#waiting = null;
  }

  /** What was set before the last point and had not arrived at it: it sets out again from where it was then. */
  #waysLeft(): readonly MessageOf<'set'>[] {
    return [...this.#onTheirWay.values()].flat().filter((message) => !this.#since.includes(message));
  }

  /** What is done again before the plan is asked: of a flight that took samples only the flight, as it goes on from the last one. */
  #again(): readonly Message[] {
    const monitors = [...this.#monitored.values()].filter((message) => !this.#since.includes(message));
    if (this.#flown === null) return [...monitors, ...this.#waysLeft(), ...this.#since];
    const after = this.#flown;
    return this.#since.flatMap((message): Message[] => message.command === 'kickoff' ? [{ ...message, after }] : message.command === 'configure' || message.command === 'monitor' ? [message] : []);
  }

  /** Stages again, goes on with the run, repeats what came after the last point, then asks the plan. */
  async *#rest(): AsyncGenerator<Message, void, MessageResult> {
    const { plan } = this;
    let lag: number | null = null;
    const clockOf = (result: MessageResult): MessageResult => {
      const now = Number(result?.['clock']?.value);
      // The gap is no time of the plan: what it had still to wait for, it waits for.
      lag ??= now - this.#clock;
      return { clock: { value: now - lag, timestamp: result?.['clock']?.timestamp ?? now } };
    };
    try {
      const before: Message[] = [...[...this.staged].map((device): Message => ({ command: 'stage', device })), ...this.#open ? [this.#open] : []];
      for (const message of before) {
        for (let isDone = false; !isDone;) {
          try {
            yield message;
            isDone = true;
          } catch (error) {
            if (!(error instanceof ReplannedError)) throw error;
            await this.#throwIn(error);
          }
        }
      }
      try {
        for (const message of this.#again()) yield message;
      } catch (error) {
        // As if the plan itself had asked for it; it may have other points now.
        await this.#throwIn(error);
      }
      if (this.#ended) return;
      let step: Step = this.#waiting ? { done: false, value: this.#waiting } : await plan.next(this.#answer);
      while (!step.done) {
        let result: MessageResult;
        try {
          result = yield step.value;
        } catch (error) {
          step = await plan.throw(error);
          continue;
        }
        step = await plan.next(step.value.command === 'clock' ? clockOf(result) : result);
      }
    } finally {
      // Its own cleaning, where it was ended early.
      for (let step = await plan.return(); !step.done;) step = await plan.next(yield step.value);
    }
  }
}

/** Older journals name a device with its dots and slashes. */
function keysOf(stream: Descriptor, device: string): readonly string[] | undefined {
  return stream.object_keys[dataKeyName(device)] ?? stream.object_keys[device];
}

/** A plan whose first message is there: what is thrown into it before it is asked meets it there. */
function begun(plan: AsyncGenerator<Message, void, MessageResult>, first: Step): AsyncGenerator<Message, void, MessageResult> {
  let waiting: Step | null = first;
  const taken = (): Step | null => {
    const step = waiting;
    waiting = null;
    return step;
  };
  const made: AsyncGenerator<Message, void, MessageResult> = {
    next: async (result: MessageResult) => taken() ?? plan.next(result),
    throw: (error: unknown) => { taken(); return plan.throw(error); },
    return: () => { taken(); return plan.return(); },
    [Symbol.asyncIterator]: () => made,
  };
  return made;
}

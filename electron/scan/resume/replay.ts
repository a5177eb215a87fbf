// Follows a plan again through what its run has on disk, without acting: readings come from the journal, moves are only noted.
// Because plans are pure, it then stands where it stood, adaptive or not, and what it yields next is the rest of the run.
import { dataKeyName } from '@shared/dataKeyName';
import type { Descriptor, Event, RunDocument, RunStart } from '@shared/documents';
import { EndstationError } from '@shared/errors';
import type { Message, MessageResult, OpenRunMessage, Plan, Reading, Readings } from '@shared/messages';
import { interruptionsStream, type PlanReading } from '@shared/resume';

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
  readonly #before: PlanReading[];
  /** Messages since the last point, with their answers given; the last one may be without. */
  #since: Message[] = [];
  /** Yielded, and not answered yet. */
  #waiting: Message | null = null;
  #answer: MessageResult;
  #started = false;
  #ended = false;
  /** Seconds of the run's own clock. */
  #clock: number;

  constructor(private readonly plan: Plan, private readonly start: RunStart) {
    const { plan_readings: readings } = start as RunStart & { plan_readings?: unknown };
    this.#before = Array.isArray(readings) ? [...readings as PlanReading[]] : [];
    this.#clock = start.time;
  }

  /** Those of the journal, in order. Errors: `PLAN_DIFFERS`. */
  async take(document: RunDocument): Promise<void> {
    if (document.name === 'descriptor') this.#streams.set(document.doc.uid, document.doc);
    if (document.name !== 'event') return;
    const stream = this.#streams.get(document.doc.descriptor);
    if (!stream || stream.name === interruptionsStream) return;
    if (!this.#open) await this.#toRun();
    await this.#point(stream, document.doc);
  }

  /** What the plan has still to do. To be called once, after the last document. Errors: `PLAN_DIFFERS`. */
  async rest(): Promise<Plan> {
    await this.reachRun();
    return this.#rest();
  }

  /** Up to the opening of the run, for one that has no point. Errors: `PLAN_DIFFERS`. */
  async reachRun(): Promise<void> {
    if (!this.#open) await this.#toRun();
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
      const message = await this.#look();
      if (message === null || message.command === 'close_run') throw new PlanDiffersError(`The plan ends before point ${event.seq_num}, which the journal has.`);
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
        if (stream.name === 'primary') this.#compare(stream, event);
        this.#clock = event.time;
        this.#give(undefined);
        this.#since = [];
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

  #note(message: Message): void {
    if ('device' in message) this.devices.add(message.device);
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
    const at = this.#before.findIndex((reading) => reading.device === device);
    const [found] = at < 0 ? [] : this.#before.splice(at, 1);
    if (found) this.#origins.set(device, found);
    if (!found) throw new PlanDiffersError(`The plan began with reading ${device}, and the journal does not have what it read.`);
    return Object.fromEntries(found.keys.map((key, index) => [key, { value: found.values[index] ?? Number.NaN, timestamp: found.timestamps[index] ?? this.start.time }]));
  }

  /** The message that waits for its answer, or the next one; null: the plan has ended. */
  async #look(): Promise<Message | null> {
    if (this.#waiting || this.#ended) return this.#waiting;
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
      for (const device of this.staged) yield { command: 'stage', device };
      if (this.#open) yield this.#open;
      for (const message of this.#since) yield message;
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

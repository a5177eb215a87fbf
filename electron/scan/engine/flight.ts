// Samples while motors fly: each sample of the first detector becomes an event, with the motors' positions at its own time.
import type { Disposable } from '@shared/disposable';
import { EndstationError } from '@shared/errors';
import type { KickoffMessage, Reading, Readings } from '@shared/messages';
import { DisconnectedError, InterruptedError, isSubscribable, isTriggerable, type ActionContext, type Readable, type Subscribable } from '../../devices/device';
import type { Bundler } from './bundler';

interface Sample { readonly time: number; readonly taken: readonly (readonly [device: Readable, readings: Readings])[] }
interface Place { readonly time: number; readonly position: number; readonly readings: Readings }

/** The last place of an even division that a position has reached, from 0. */
function placeOf({ start, stop, num }: NonNullable<KickoffMessage['along']>, position: number): number {
  return Math.floor(((position - start) / (stop - start)) * (num - 1) + 1e-9);
}

/** What it missed does not come back with it: no reason to wait for it at the end of the flight, as for a device that is gone at a point. */
function cutShort(detector: Readable, why: string): EndstationError {
  return new EndstationError('DISCONNECTED', `${detector.name} gave no samples any more while the motor flew: ${why} Fly again when it is back.`);
}

/** Positions of one motor over time, the oldest first. */
class Track {
  #places: Place[] = [];

  constructor(readonly motor: Subscribable) {}

  add(readings: Readings): void {
    const [reading] = Object.values(readings);
    const last = this.#places[this.#places.length - 1];
    if (typeof reading?.value !== 'number' || (last && reading.timestamp <= last.time)) return;
    this.#places.push({ time: reading.timestamp, position: reading.value, readings });
  }

  get until(): number { return this.#places[this.#places.length - 1]?.time ?? -Infinity; }

  /** Between the two read-backs next to the time; the nearest one outside of all. What is older is forgotten. */
  at(time: number): Readings | null {
    let index = this.#places.findIndex((place) => place.time >= time);
    if (index < 0) index = this.#places.length;
    const before = this.#places[index - 1];
    const after = this.#places[index];
    const near = after ?? before;
    if (!near) return null;
    if (index > 1) this.#places.splice(0, index - 1);
    const part = before && after ? (time - before.time) / (after.time - before.time) : 0;
    const position = before && after ? before.position + part * (after.position - before.position) : near.position;
    const [key = ''] = Object.keys(near.readings);
    return { ...near.readings, [key]: { value: position, timestamp: time } };
  }
}

export class Flight implements Disposable {
  readonly #tracks: Track[];
  readonly #waiting: Sample[] = [];
  readonly #latest = new Map<Readable, Readings>();
  readonly #subscriptions: Disposable[] = [];
  #held = false;
  #begun = false;
  #over = false;
  #place = 0;
  #failure: unknown = null;

  /** `context`: as it is now, renewed after each pause. Errors: `NOT_READABLE` for a motor without read-back updates. */
  constructor(private readonly message: KickoffMessage, private readonly detectors: readonly Readable[], motors: readonly Readable[], private readonly bundler: Bundler, private readonly context: () => ActionContext) {
    this.#tracks = motors.map((motor) => {
      if (!isSubscribable(motor)) throw new EndstationError('NOT_READABLE', `${motor.name} can not fly: it tells no positions while it moves. Choose a motor.`);
      return new Track(motor);
    });
    const { along, after } = message;
    if (along && after !== undefined) this.#place = placeOf(along, after) + 1;
  }

  /** All have given a first value, and samples are taken until it ends. */
  get begun(): boolean { return this.#begun && !this.#over; }

  /** Errors: of a device that can't be read. Then another flight may begin in its place. */
  async begin(): Promise<void> {
    const context = this.context();
    for (const track of this.#tracks) {
      this.#subscriptions.push(track.motor.subscribe((readings) => { track.add(readings); this.#settle(); }));
      track.add(await track.motor.read(context));
    }
    for (const detector of this.detectors.slice(1)) this.#latest.set(detector, await detector.read(context));
    if (this.#over || context.signal.aborted) {
      this.dispose();
      throw new InterruptedError('The beginning of the flight');
    }
    this.#begun = true;
    for (const detector of this.detectors) {
      if (isSubscribable(detector)) this.#subscriptions.push(detector.subscribe((readings) => this.#receive(detector, readings)));
      else void this.#repeat(detector);
    }
  }

  /** A detector that must be told to count is told again and again. */
  async #repeat(detector: Readable): Promise<void> {
    while (!this.#over) {
      const context = this.context();
      // All would fail at once, and the motors that are to be stopped not get their turn.
      if (this.#held || context.signal.aborted) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        continue;
      }
      try {
        if (isTriggerable(detector)) await detector.trigger(context);
        this.#receive(detector, await detector.read(context));
        // One that answers at once must not keep all others from their turn.
        await new Promise((resolve) => setImmediate(resolve));
      } catch (error) {
        if (context.signal.aborted || this.#over) continue;
        this.#failure = error instanceof DisconnectedError ? cutShort(detector, error.message) : error;
        return;
      }
    }
  }

  #receive(detector: Readable, readings: Readings): void {
    if (this.#held || this.#over) return;
    this.#latest.set(detector, readings);
    if (detector !== this.detectors[0]) return;
    const [reading] = Object.values(readings);
    if (!reading) return;
    this.#waiting.push({ time: reading.timestamp, taken: this.detectors.map((one) => [one, this.#latest.get(one) ?? {}] as const) });
    this.#settle();
  }

  /** Samples whose time the read-backs have passed; at the end all of them. */
  #settle(all = false): void {
    const known = all ? Infinity : Math.min(...this.#tracks.map((track) => track.until));
    while (this.#waiting[0] && this.#waiting[0].time <= known) {
      const sample = this.#waiting.shift() as Sample;
      const places = this.#tracks.map((track) => [track.motor, track.at(sample.time) ?? {}] as const);
      if (this.#isWanted(places[0]?.[1])) this.bundler.record(this.message.stream, [...sample.taken, ...places], sample.time);
    }
  }

  /** The first sample at or beyond each place of the division. */
  #isWanted(readings: Readings | undefined): boolean {
    const { along } = this.message;
    const position = (Object.values(readings ?? {})[0] as Reading | undefined)?.value;
    if (!along || typeof position !== 'number') return true;
    const place = placeOf(along, position);
    if (place < this.#place || this.#place >= along.num) return false;
    this.#place = place + 1;
    return true;
  }

  /** Samples while the scan rests are none. */
  hold(): void { this.#held = true; }
  go(): void { this.#held = false; }

  /** Errors: of a detector that failed on the way. */
  async end(): Promise<void> {
    const context = this.context();
    const last = await Promise.all(this.#tracks.map((track) => track.motor.read(context)));
    last.forEach((readings, index) => this.#tracks[index]?.add(readings));
    this.dispose();
    this.#settle(true);
    const gone = this.detectors.find((detector) => !detector.connected);
    const failure = this.#failure ?? (gone ? cutShort(gone, `${gone.missing ?? gone.pv} is not connected.`) : null);
    if (failure) throw failure;
  }

  dispose(): void {
    this.#over = true;
    for (const subscription of this.#subscriptions.splice(0)) subscription.dispose();
  }
}

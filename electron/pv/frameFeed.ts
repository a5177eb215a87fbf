// What one window hears of its PVs: at most 60 frames a second, the latest value of each PV, only what changed.
// A window that does not keep up gets fewer frames, never a longer queue: no frame is sent while `unseenLimit` are unseen.
import { DisposableStore, type Disposable } from '@shared/disposable';
import type { PvDelta, PvFrame, PvState } from '@shared/pv';

/** Milliseconds between two frames: under 60 a second. */
const frameTime = 17;
/** Frames on their way to a window that says what it has seen. */
const unseenLimit = 3;

interface Followed { users: number; readonly watching: DisposableStore; latest: PvState | null; sent: PvState | null }

export class FrameFeed implements Disposable {
  #followed = new Map<string, Followed>();
  #dirty = new Set<string>();
  #received = 0;
  #emit: ((frame: PvFrame) => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #lastFrame = -Infinity;
  #unseen = 0;
  #acknowledges = false;

  constructor(private readonly watch: (pv: string, listener: (state: PvState) => void) => Disposable) {}

  attach(pvs: readonly string[]): void {
    for (const pv of pvs) {
      const known = this.#followed.get(pv);
      if (known) {
        known.users += 1;
        // A second user in the window may have come late: it is told all again.
        known.sent = null;
        if (known.latest) this.#mark(pv);
        continue;
      }
      const followed: Followed = { users: 1, watching: new DisposableStore(), latest: null, sent: null };
      this.#followed.set(pv, followed);
      followed.watching.add(this.watch(pv, (state) => {
        followed.latest = state;
        this.#received += 1;
        this.#mark(pv);
      }));
    }
  }

  detach(pvs: readonly string[]): void {
    for (const pv of pvs) {
      const followed = this.#followed.get(pv);
      if (!followed) continue;
      followed.users -= 1;
      if (followed.users > 0) continue;
      followed.watching.dispose();
      this.#followed.delete(pv);
      this.#dirty.delete(pv);
    }
  }

  /** Begins with everything that is known. One listener: a later one takes over. */
  listen(emit: (frame: PvFrame) => void): Disposable {
    this.#emit = emit;
    this.#unseen = 0;
    this.#acknowledges = false;
    for (const [pv, followed] of this.#followed) {
      followed.sent = null;
      if (followed.latest) this.#dirty.add(pv);
    }
    this.#schedule();
    return { dispose: () => { if (this.#emit === emit) this.#emit = null; } };
  }

  /** The window has worked off this many frames. Windows that never say so are sent frames at the full rate. */
  seen(frames: number): void {
    this.#acknowledges = true;
    this.#unseen = Math.max(0, this.#unseen - frames);
    this.#schedule();
  }

  #mark(pv: string): void {
    this.#dirty.add(pv);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#timer || !this.#emit || this.#dirty.size === 0) return;
    if (this.#acknowledges && this.#unseen >= unseenLimit) return;
    const wait = Math.max(0, this.#lastFrame + frameTime - Date.now());
    this.#timer = setTimeout(() => this.#flush(), wait);
  }

  #flush(): void {
    this.#timer = null;
    if (!this.#emit) return;
    const deltas: PvDelta[] = [];
    for (const pv of this.#dirty) {
      const followed = this.#followed.get(pv);
      if (!followed?.latest) continue;
      const delta = deltaOf(followed.sent, followed.latest);
      followed.sent = followed.latest;
      if (delta) deltas.push(delta);
    }
    this.#dirty.clear();
    const received = this.#received;
    this.#received = 0;
    this.#lastFrame = Date.now();
    if (deltas.length === 0) return;
    this.#unseen += 1;
    this.#emit({ deltas, received });
  }

  dispose(): void {
    this.#emit = null;
    if (this.#timer) clearTimeout(this.#timer);
    for (const followed of this.#followed.values()) followed.watching.dispose();
    this.#followed.clear();
    this.#dirty.clear();
  }
}

/** What changed; whole the first time and when a key is gone (a PV that lost its limits); null: nothing. */
export function deltaOf(sent: PvState | null, latest: PvState): PvDelta | null {
  if (sent === null || Object.keys(sent).some((key) => !Object.hasOwn(latest, key))) return { ...latest, whole: true };
  const delta: Record<string, unknown> = { pv: latest.pv };
  let changed = false;
  for (const [key, value] of Object.entries(latest)) {
    if (same(sent[key as keyof PvState], value)) continue;
    delta[key] = value;
    changed = true;
  }
  return changed ? (delta as unknown as PvDelta) : null;
}

/** Arrays of numbers by identity (each update brings its own); small objects (limits, states, times, access) by content. */
function same(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null || ArrayBuffer.isView(one) || ArrayBuffer.isView(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => Object.is((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]));
}

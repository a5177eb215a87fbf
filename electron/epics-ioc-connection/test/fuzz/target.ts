// What the fuzzer runs: sessions of a protocol core, inputs from a seed, and what must hold after each.
import type { Random } from './random';

/** `bytes` are valid until the next input is made. */
export interface Input { readonly datagram: boolean; readonly bytes: Uint8Array }
/** How a stream comes in: the size of the next chunk. */
export type Cut = () => number;

/** One connection. Throws where something is wrong. */
export interface Session {
  /** Where ids start that mean something now. */
  readonly ids: number;
  make(random: Random): Input;
  /** False: the connection was given up, or waits for the rest of a message; the next input meets a new one. */
  run(input: Input, cut: Cut): boolean;
  end(): void;
}

export interface Target {
  /** Bytes that one input may make it allocate in one piece. */
  readonly cap: number;
  /** `ended`: the one before, whose PVs are served again. */
  open(random: Random, ended?: Session): Session;
}

/** Inputs from one seed, on one connection as long as it lives. */
export const inputsPerSeed = 16;

export const whole: Cut = () => Infinity;
export const bytewise: Cut = () => 1;

/** Whole, in pieces, or byte by byte. */
export function someCut(random: Random): Cut {
  const kind = random.below(16);
  return kind < 10 ? whole : kind === 10 ? bytewise : () => 1 + random.below(300);
}

const socket = new Uint8Array(1 << 17);

/** Gives the chunks, and overwrites each once it was taken, as a socket's buffer is. */
export function fed(bytes: Uint8Array, cut: Cut, take: (chunk: Uint8Array, at: number) => void): void {
  socket.set(bytes, 0);
  for (let at = 0; at < bytes.length;) {
    const end = Math.min(bytes.length, at + cut());
    take(socket.subarray(at, end), at);
    socket.fill(0xee, at, end);
    at = end;
  }
}

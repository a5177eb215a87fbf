// The article's claims, numbered, each with the experiments that test it.
import type { Claim } from '@shared/lab';

const texts: readonly string[] = [
  'Two Python threads advance together: ones and millions increase at the same time.',
  'The GIL does not make shared_value += inc atomic, so the program is not guaranteed to stop.',
  'The window of the race is three Python opcodes, about 200 nanoseconds.',
  'A threading.Lock around the update mends it: the program always stops.',
  'Two CPU-bound Python threads take as long as one after the other: they do not run in parallel.',
  'A similar C program scales linearly: two threads take about as long as one.',
  'Python multiprocessing programs scale, where threading programs do not.',
  'A coroutine that does not await hogs the CPU: time.sleep(5) stops the other one, await asyncio.sleep(5) lets it run.',
  'Threads are pre-empted by the kernel at any time; neither has to give way.',
  'The GIL releases itself very often: not on every opcode, but close enough.',
  'time.sleep(0) gives up the CPU, but does not release the GIL, per se.',
  'Polling wastes CPU, adds latency, blocks 100 ms in ten rounds although all devices answer at once, and asks for values that have not changed.',
  'With callbacks nothing is polled: when one occurs, new data is available.',
  'While it waits for events a Python program is like any other: device control in Python can be as efficient as in C.',
  'Computing in parallel on EPICS data needs multiprocessing, dask or MPI; Python threading is the wrong tool.',
  'For device control with threads the GIL can generally be ignored.',
];

/** The claims, with the ids of those of our experiments that name them. */
export function claimsOf(experiments: readonly { readonly id: string; readonly claims: readonly number[] }[]): Claim[] {
  return texts.map((text, index) => {
    const number = index + 1;
    return { number, text, experiments: experiments.filter((experiment) => experiment.claims.includes(number)).map(({ id }) => id) };
  });
}

// Does one that waits let the other run? A sleeper waits for so many seconds; a ticker notes the time 50 times a second.
//   block: the sleeper looks at the clock until the time is over
//   await: the sleeper awaits a timer
import { setTimeout as wait } from 'node:timers/promises';
import { elapsedMs, type Emit } from './output';

const tick = 20;

export async function runHog(mode: string, seconds: number, emit: Emit): Promise<void> {
  const began = process.hrtime.bigint();
  const now = () => elapsedMs(began);
  const ticks: number[] = [];
  const ticker = async () => {
    while (now() < seconds * 1000 + 10 * tick) {
      ticks.push(now());
      emit({ tick: ticks.at(-1) });
      await wait(tick);
    }
  };
  const sleeper = async () => {
    await wait(5 * tick);
    const start = now();
    emit({ asleepFrom: start });
    if (mode === 'await') await wait(seconds * 1000);
    else while (now() < start + seconds * 1000);
    return [start, now()];
  };
  const [asleep] = await Promise.all([sleeper(), ticker()]);
  emit({ ticks, asleep });
}

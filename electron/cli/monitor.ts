// `endstation monitor`: a line an event, until stopped, a time is over or enough have come.
import type { EventMask } from '../pv';
import { readArguments } from './arguments';
import { UsageError, type CliCommand } from './command';
import { missingLine, pvLine, pvText } from './pvLine';

/** Milliseconds until a PV that nobody answers for is told as missing; it is searched for all the same. */
const patience = 3000;
const kinds = ['value', 'log', 'alarm', 'property'] as const;

export const command: CliCommand = {
  name: 'monitor',
  summary: 'Prints a line for every event of PVs; --count ends after that many events in all.',
  usage: ['endstation monitor PV... [--for s] [--count n] [--mask value,log,alarm,property]'],
  async run(args, io) {
    const { positionals: pvs, options } = readArguments(args, { for: 'seconds', count: 'integer', mask: 'text' });
    if (pvs.length === 0) throw new UsageError('Name at least one PV.');
    if (options.count !== undefined && options.count < 1) throw new UsageError('--count is at least 1.');
    const mask = readMask(options.mask);
    const access = await io.openPvs();
    if (io.signal.aborted) return 1;
    const seen = new Set<string>();
    let events = 0;
    return new Promise<number>((resolve) => {
      const subscriptions: { dispose(): void }[] = [];
      let ended = false;
      const end = (): void => {
        if (ended) return;
        ended = true;
        clearTimeout(limit);
        clearTimeout(missing);
        for (const subscription of subscriptions) subscription.dispose();
        resolve(pvs.every((pv) => seen.has(pv)) ? 0 : 1);
      };
      const limit = options.for === undefined ? undefined : setTimeout(end, options.for * 1000);
      const missing = setTimeout(() => {
        for (const pv of pvs) {
          if (seen.has(pv)) continue;
          const message = `${pv} was not found within ${patience / 1000} s: no server answers for it. It is still searched for.`;
          if (io.json) io.outJson(missingLine(pv, { code: 'TIMEOUT', message }));
          else io.err(message);
        }
      }, Math.min(patience, options.for === undefined ? patience : options.for * 1000 * 0.9));
      io.signal.addEventListener('abort', end, { once: true });
      for (const pv of pvs) {
        subscriptions.push(access.subscribe(pv, mask, (state, what) => {
          if (ended) return;
          if (what === 'value') {
            seen.add(pv);
            events += 1;
            if (io.json) io.outJson(pvLine(state, 'native'));
            else io.out(pvText(state, 'native'));
          } else if (state.connection === 'disconnected' || state.connection === 'invalid') {
            if (io.json) io.outJson(missingLine(pv, state.error));
            else io.err(state.error?.message ?? `${pv} is disconnected. It is searched for.`);
          }
          if (options.count !== undefined && events >= options.count) end();
        }));
      }
    });
  },
};

function readMask(text: string | undefined): EventMask {
  if (text === undefined) return ['value', 'alarm'];
  const parts = text.split(',').map((part) => part.trim());
  const mask = kinds.filter((kind) => parts.includes(kind));
  if (mask.length !== parts.length) throw new UsageError(`--mask takes a list of value, log, alarm and property, not "${text}".`);
  return mask;
}

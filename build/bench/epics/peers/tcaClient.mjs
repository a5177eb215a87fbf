// epics-tca (npm), Channel Access. argv: metric, channels. Prints one JSON object.
import { createRequire } from 'node:module';
import { channels, finish, median, metric, microseconds, names, reportEvents, sleep, timed } from './measure.mjs';

const require = createRequire(import.meta.url);
const { Context } = require('epics-tca');
/** Only its errors; it logs to the console. */
const quiet = 4;
const timeout = 20;
const context = new Context({}, quiet);
await context.initialize();
const connected = (list) => Promise.all(list.map((name) => context.createChannel(name, 'ca', timeout)));

async function follow(prefix) {
  let events = 0;
  for (const channel of await connected(names(prefix))) await channel.createMonitor(timeout, () => { events += 1; });
  while (events < channels) await sleep(0.01);
  await sleep(0.3);
  return reportEvents(() => events);
}

const metrics = {
  async connect() {
    const start = performance.now();
    await connected(names('P:ai'));
    return { seconds: (performance.now() - start) / 1000 };
  },
  async get() {
    const [pv] = await connected(['P:ai001']);
    return microseconds(await timed(2000, 200, () => pv.get()));
  },
  async gets() {
    const pvs = await connected(names('P:ai'));
    return { perSecond: (channels * 1000) / median(await timed(20, 3, () => Promise.all(pvs.map((pv) => pv.get())))) };
  },
  async put() {
    const [pv] = await connected(['P:ao']);
    return microseconds(await timed(2000, 100, (i) => pv.put([i * 0.01], timeout, true)));
  },
  async wave() {
    const [pv] = await connected(['P:wf1M']);
    return { megabytesPerSecond: 8000 / median(await timed(5, 1, async () => {
      const reading = await pv.get(timeout);
      if (reading?.value?.length !== 1_000_000) throw new Error('The waveform came back wrong.');
    })) };
  },
  monitor: () => follow('P:gen'),
  scan: () => follow('P:c10:'),
};
finish(await metrics[metric](), require('epics-tca/package.json').version);

// Our clients, as the package has them for plain Node. argv: metric, channels, ca or pva. Prints one JSON object.
import { channels, finish, median, metric, microseconds, names, reportEvents, sleep, timed } from './measure.mjs';

/** By the package's door for that protocol. */
const door = (protocol) => import(`../../../../electron/epics-ioc-connection/dist/${protocol}.mjs`);
const client = process.argv[4] === 'pva' ? new (await door('pva')).PvaClient() : new (await door('ca')).CaClient();

/** As PVXS has it: by pvAccess the types are not asked for. */
const ready = process.argv[4] === 'pva' ? (channel) => channel.whenReachable({ timeout: 30 }) : (channel) => channel.whenConnected({ timeout: 30 });
async function connected(list) {
  const found = list.map((name) => client.channel(name));
  await Promise.all(found.map(ready));
  return found;
}
async function follow(prefix) {
  let events = 0;
  const count = () => { events += 1; };
  for (const name of names(prefix)) client.channel(name).monitor({}, count);
  while (events < channels) await sleep(0.01);
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
    return { perSecond: (channels * 1000) / median(await timed(50, 20, () => Promise.all(pvs.map((pv) => pv.get())))) };
  },
  async put() {
    const [pv] = await connected(['P:ao']);
    return microseconds(await timed(2000, 100, (i) => pv.put(i * 0.01, { wait: true })));
  },
  async wave() {
    const [pv] = await connected(['P:wf1M']);
    return { megabytesPerSecond: 8000 / median(await timed(30, 3, async () => {
      const { value } = await pv.get({ timeout: 20 });
      if (value.length !== 1_000_000 || value[999_999] !== 999_999) throw new Error('The waveform came back wrong.');
    })) };
  },
  monitor: () => follow('P:gen'),
  scan: () => follow('P:c10:'),
  served: () => follow('S:pv'),
};
finish(await metrics[metric](), process.version);

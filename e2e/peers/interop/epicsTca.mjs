// epics-tca (npm) on our server, by Channel Access: one JSON line per exchange.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const { Context } = createRequire(import.meta.url)('epics-tca');
const say = (exchange, what) => console.log(JSON.stringify({ exchange, ...what }));
const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });
const first = (value) => (Array.isArray(value) ? value[0] : value);
const [plainDouble, timeString, timeDouble, ctrlEnum] = [6, 14, 20, 31];
/** The state of a channel that is connected. */
const created = 3;

async function until(condition, seconds = 20) {
  const end = Date.now() + seconds * 1000;
  while (!await condition() && Date.now() < end) await pause(20);
  return Boolean(await condition());
}

const context = new Context({}, 4);
await context.initialize();
const channel = (name) => context.createChannel(`T:${name}`, 'ca', 15);
const value = async (of) => first((await of.get(15))?.value);

const double = await channel('double');
const reading = await double.get(15, timeDouble);
// Its seconds are those since 1990.
say('get', { value: first(reading.value), recent: Math.abs(reading.secondsSinceEpoch + 631_152_000 - Date.now() / 1000) < 300 || Math.abs(reading.secondsSinceEpoch - Date.now() / 1000) < 300 });
await double.put([2.5], 15, false);
await until(async () => await value(double) === 2.5);
say('put', { value: await value(double) });

const [slow, done] = [await channel('slow'), await channel('done')];
await done.put([0], 15, true);
const before = await value(done);
await slow.put([1], 15, true);
say('put-callback', { before, after: await value(done) });

const seen = [];
// It gives a lost channel up after the time that its making had.
const counter = await context.createChannel('T:counter', 'ca', undefined);
await counter.createMonitor(15, (monitor) => { seen.push(first(monitor.getChannel().getDbrData().value)); });
await until(() => seen.length >= 6);
const values = [...seen];
say('monitor', { steps: [...new Set(values.slice(1).map((each, i) => each - values[i]))], enough: values.length >= 6 });

const choice = await channel('enum');
await choice.put([2], 15, true);
const control = await choice.get(15, ctrlEnum);
say('enum', { states: control.strings.slice(0, 3), value: first(control.value), text: first((await choice.get(15, timeString)).value) });

const text = await channel('string');
await text.put(['Röntgen 5 µm'], 15, true);
say('string', { value: first((await text.get(15)).value) });

const array = await channel('array');
const sent = Array.from({ length: 500 }, (_, i) => Math.sin(i) * 1e9);
await array.put(sent, 15, true);
const back = (await array.get(15, plainDouble, 0)).value;
say('array', { count: back.length, equal: sent.every((each, i) => each === back[i]) });

const severities = [];
for (const [put, severity] of [[95, 2], [85, 1], [0, 0]]) {
  await double.put([put], 15, true);
  const data = await double.get(15, timeDouble);
  severities.push(first(data.value) === put ? data.severity : `not ${severity}`);
}
say('alarm', { severities });

const told = new Promise((resolve) => { createInterface({ input: process.stdin }).once('line', resolve); });
console.log('restart');
const lost = await until(() => counter.getState() !== created);
await told;
// It makes its channels again by itself, and leaves them marked as being made: with a softIoc too. So they are asked for again.
seen.length = 0;
const fresh = new Context({}, 4);
await fresh.initialize();
const found = await fresh.createChannel('T:counter', 'ca', 30);
await found.createMonitor(15, (monitor) => { seen.push(first(monitor.getChannel().getDbrData().value)); });
const again = await until(() => found.getState() === created && seen.length > 2, 60);
say('reconnect', { lost, again });
process.exit(0);

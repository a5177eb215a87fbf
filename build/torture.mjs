// `npm run torture [KILLS]`: kills running scans with SIGKILL at random moments, goes on with them, and looks at what the disk has.
// Last line: one JSON object. Exit 1 where a point that was told of is lost, doubled or wrong, or a run is not listed as interrupted.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { build } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const kills = Number(process.argv[2] ?? 1000);
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000);
const work = mkdtempSync(join(tmpdir(), 'torture-'));
const data = join(work, 'data');
/** Of writes and syncs, the part that fails. */
const faults = 0.01;

let state = seed;
/** mulberry32: the same kills for the same seed, as far as a machine repeats itself. */
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

const axis = (motor, start, stop) => ({ motor, start, stop });
const plans = [
  { plan: 'scan', args: { detectors: ['DET', 'MCA'], axes: [axis('M1', -1, 3)], num: 80 } },
  { plan: 'rel_scan', args: { detectors: ['DET', 'MCA'], axes: [axis('M1', -1, 3)], num: 60 } },
  { plan: 'grid_scan', args: { detectors: ['DET', 'MCA'], snake: true, axes: [{ ...axis('M2', 0, 4), num: 8 }, { ...axis('M1', 0, 2), num: 9 }] } },
  { plan: 'adaptive_scan', args: { detectors: ['DET', 'MCA'], signal: 'DET', axes: [axis('M1', -1, 3)], min_step: 0.02, max_step: 0.3, target_delta: 50_000, backstep: true, threshold: 0.8 } },
  { plan: 'count', args: { detectors: ['DET', 'MCA'], num: 50 } },
];

await build({
  configFile: false, logLevel: 'warn', root, publicDir: false, ssr: { noExternal: true, target: 'node' },
  resolve: { alias: { '@shared': join(root, 'shared'), 'epics-ioc-connection': join(root, 'electron/epics-ioc-connection/src/index.ts') } },
  build: { ssr: join(root, 'e2e/torture/victim.ts'), outDir: work, emptyOutDir: false, target: 'node16', minify: false, rolldownOptions: { output: { format: 'cjs', entryFileNames: 'victim.cjs', codeSplitting: false } } },
});

/** Runs a victim; `fate` decides when it is killed: some milliseconds after its birth, after its first word, or after so many points; null: never. */
function victim(which, plan, fate, rate = faults) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(work, 'victim.cjs'), data, which, JSON.stringify(plan), String(rate)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    let points = 0;
    const kill = (milliseconds) => setTimeout(() => child.kill('SIGKILL'), milliseconds);
    if (fate?.after !== undefined) kill(fate.after);
    if (fate?.afterWord !== undefined) child.stdout.once('data', () => kill(fate.afterWord));
    child.stdout.on('data', (chunk) => {
      const text = chunk.toString();
      out += text;
      points += text.split('point').length - 1;
      if (fate?.points !== undefined && points >= fate.points && points - (text.split('point').length - 1) < fate.points) kill(fate.wait);
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      // A torn last line was not told.
      const lines = out.split('\n').slice(0, -1).map((line) => line.split(' '));
      resolve({ code, killed: signal === 'SIGKILL', lines, told: (word) => lines.find(([first]) => first === word) });
    });
  });
}

/** The journal of a run, read without any code of the product. */
function journalOf(uid) {
  for (const day of readdirSync(data).filter((name) => /^\d{4}-/.test(name))) {
    const name = readdirSync(join(data, day)).find((file) => file.endsWith(`_${uid.slice(0, 8)}.journal.jsonl`));
    if (name) return join(data, day, name);
  }
  throw new Error(`the journal of ${uid} is gone`);
}
function read(uid) {
  const bytes = readFileSync(journalOf(uid));
  const documents = [];
  let start = 0;
  let torn = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    const line = bytes.subarray(start, end).toString('utf8');
    start = end + 1;
    const [, crc, length] = /^\{"crc":"([0-9a-f]{8})","len":(\d+),/.exec(line) ?? [];
    const body = `{${line.slice(line.indexOf(',', line.indexOf('"len"')) + 1)}`;
    if (crc === undefined || Number(length) !== Buffer.byteLength(body) || crc32(body) !== Number.parseInt(crc, 16)) torn += 1;
    else documents.push(JSON.parse(body));
  }
  if (start < bytes.length) torn += 1;
  const primary = documents.find(({ name, doc }) => name === 'descriptor' && doc.name === 'primary')?.doc.uid;
  const events = documents.filter(({ name, doc }) => name === 'event' && doc.descriptor === primary).map(({ doc }) => doc);
  fill(events, documents, journalOf(uid).replace('.journal.jsonl', '.arrays'));
  return { documents, events, torn, gaps: documents.filter(({ name, doc }) => name === 'event' && doc.data.interruption === 'resume').length };
}

/** Puts the spectra in place of what refers to them; one that is not whole is `missing`. */
function fill(events, documents, path) {
  const places = new Map(documents.flatMap(({ name, doc }) => (name === 'datum' ? [[doc.datum_id, doc.datum_kwargs]] : [])));
  if (places.size === 0) return;
  const bytes = readFileSync(path);
  for (const { data: values, filled } of events) {
    for (const key of Object.keys(filled ?? {})) {
      const { offset, shape } = places.get(values[key]);
      const numbers = bytes.subarray(offset, offset + 4 * shape[0]);
      // The header before it: 48 bytes, the checksum of the values at 12.
      const whole = numbers.length === 4 * shape[0] && bytes.readUInt32LE(offset - 48 + 12) === crc32(numbers);
      values[key] = whole ? numbers.toString('base64') : 'missing';
    }
  }
}

const totals = { seed, kills: 0, runs: 0, resumed: 0, acknowledged: 0, lost: 0, doubled: 0, wrong: 0, notListed: 0, notResumed: 0, torn: 0, beforeStart: 0, refused: 0, beforePoint: 0 };
const problems = [];
function complain(kind, text) {
  totals[kind] += 1;
  problems.push(text);
  console.error(text);
}
const rows = (events) => events.map(({ data: values }) => JSON.stringify(values));

const references = [];
for (const plan of plans) {
  const ended = await victim('new', plan, null, 0);
  if (ended.told('end')?.[1] !== 'success') throw new Error(`the victim does not run ${plan.plan}: ${JSON.stringify(ended.lines.slice(-1))}`);
  references.push(rows(read(ended.told('start')[1]).events));
}

let run = null;
let failures = 0;
while (totals.kills < kills) {
  const index = run?.index ?? Math.floor(random() * plans.length);
  const lot = random();
  const fate = lot < 0.1 ? { after: 40 + random() * 500 } : lot < 0.4 ? { afterWord: random() * 60 } : { points: 1 + Math.floor(random() * 30), wait: random() * 4 };
  const ended = await victim(run?.uid ?? 'new', plans[index], fate);
  if (ended.killed) totals.kills += 1;
  if (run) {
    const [, status, points] = ended.told('listed') ?? [];
    if (status !== undefined && (status !== 'interrupted' || Number(points) !== run.points)) complain('notListed', `run ${run.uid} is listed as ${status} with ${points} points, not interrupted with ${run.points}`);
    if (ended.told('resumed')) totals.resumed += 1;
    if (ended.told('failed')) {
      complain('notResumed', `run ${run.uid} was not resumed: ${ended.told('failed').join(' ')}`);
      if (++failures > 10) break;
      run = null;
      continue;
    }
  } else if (ended.told('start')) {
    run = { uid: ended.told('start')[1], index, told: 0, points: 0 };
    totals.runs += 1;
  } else {
    if (!ended.killed && !JSON.stringify(ended.lines).includes('No run can be recorded')) throw new Error(`a victim failed: ${JSON.stringify(ended.lines)}`);
    totals.beforeStart += 1;
    continue;
  }
  const told = ended.lines.flatMap(([word, number]) => (word === 'point' ? [Number(number)] : []));
  totals.acknowledged += told.length;
  run.told = Math.max(run.told, ...told);
  const { events, documents, torn } = read(run.uid);
  if (torn) totals.torn += 1;
  if (events.length === 0) totals.beforePoint += 1;
  if (events.length < run.told) complain('lost', `run ${run.uid}: point ${run.told} was told, the journal has ${events.length}`);
  if (events.some(({ seq_num }, at) => seq_num !== at + 1)) complain('doubled', `run ${run.uid}: its points are ${events.map(({ seq_num }) => seq_num).join(' ')}`);
  const expected = references[index];
  const found = rows(events);
  if (found.some((row, at) => row !== expected[at])) complain('wrong', `run ${run.uid} (${plans[index].plan}): a point differs from the run that was never killed`);
  run.points = events.length;
  const stop = documents.find(({ name }) => name === 'stop')?.doc;
  if (stop) {
    if (stop.exit_status !== 'success' || events.length !== expected.length || stop.num_events.primary !== expected.length) complain('wrong', `run ${run.uid} ended ${stop.exit_status} with ${events.length} of ${expected.length} points`);
    run = null;
  } else if (ended.lines.at(-1)?.join(' ').includes('No run can be recorded')) {
    // The disk failed while the journal was opened again: nothing was lost, and it is tried again.
    totals.refused += 1;
  } else if (!ended.killed) complain('wrong', `run ${run.uid} ended without its end: ${ended.lines.at(-1)?.join(' ')}`);
  if (totals.kills % 50 === 0 && ended.killed) console.error(`${totals.kills} kills, ${totals.runs} runs, ${totals.acknowledged} points told, ${problems.length} problems`);
}
rmSync(work, { recursive: true, force: true });
console.log(JSON.stringify({ ...totals, problems: problems.length }));
process.exitCode = problems.length > 0 ? 1 : 0;

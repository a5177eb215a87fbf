// The live plot with 100,000 points: frames a second of the real window in Chromium while points go on coming, and while the crosshair moves.
// The run's documents are made in the page and put into its connection, so that what is measured is the window, not a beamline.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { chromium } from '@playwright/test';
import { root } from '../provision.mjs';
import { spread } from './statistics.mjs';

const messagePack = createRequire(import.meta.url).resolve('@msgpack/msgpack').replace(/dist[^/]*\/index\.\w+$/, 'dist.umd/msgpack.min.js');
const shown = 100_000;
/** Points a second that go on coming, and seconds that are measured. */
const rate = 2000;
const seconds = 8;

/** Runs in the page, before its own scripts: keeps the way of the run's documents open to us, and makes points. */
function prepareFeed() {
  const descriptor = 'bench-descriptor';
  const run = 'be9c0000-0000-4000-8000-000000000000';
  const { encode, decode } = globalThis.MessagePack;
  const feed = { deliver: () => undefined, taken: 0 };
  const Socket = globalThis.WebSocket;
  globalThis.WebSocket = class extends Socket {
    send(data) {
      const frame = data.byteLength < 2000 ? decode(new Uint8Array(data.buffer ?? data, data.byteOffset ?? 0, data.byteLength)) : {};
      if (frame.t === 'listen' && frame.method === 'scan.documents') {
        feed.deliver = (value) => {
          const bytes = encode({ t: 'event', id: frame.id, value });
          this.dispatchEvent(new MessageEvent('message', { data: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) }));
        };
      }
      super.send(data);
    }
  };
  feed.begin = (points) => {
    const time = Date.now() / 1000;
    const key = (name, units) => ({ source: 'bench', dtype: 'number', shape: [], precision: 4, units, object_name: name });
    feed.deliver([
      { name: 'start', doc: { uid: run, time, scan_id: 1, plan_name: 'scan', plan_args: {}, detectors: ['I1', 'I2'], motors: ['M1'], num_points: points, hints: { dimensions: [[['M1'], 'primary']] } } },
      { name: 'descriptor', doc: { uid: descriptor, run_start: run, time, name: 'primary', data_keys: { M1: key('M1', 'mm'), I1: key('I1', 'counts'), I2: key('I2', 'counts') }, object_keys: { M1: ['M1'], I1: ['I1'], I2: ['I2'] }, configuration: {}, hints: {} } },
    ]);
  };
  feed.add = (count) => {
    feed.deliver(Array.from({ length: count }, (_, index) => {
      const n = feed.taken + index;
      const x = n / 1000;
      const data = { M1: x, I1: 1000 * Math.exp(-(((x - 50) / 12) ** 2)) + 40 * Math.sin(n * 1.7), I2: 300 + 200 * Math.sin(x) + 60 * Math.cos(n * 2.3) };
      return { name: 'event', doc: { uid: `e${n}`, descriptor, time: 1.7e9 + n, seq_num: n + 1, data, timestamps: {} } };
    }));
    feed.taken += count;
  };
  globalThis.benchFeed = feed;
}

/** Milliseconds between painted frames, for so long. */
const frameTimes = (page, time) => page.evaluate((limit) => new Promise((resolve) => {
  const times = [];
  const begin = performance.now();
  let last = begin;
  const next = (now) => {
    times.push(now - last);
    last = now;
    if (now - begin > limit) resolve(times.slice(1));
    else requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
}), time);

function figures(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const sum = times.reduce((all, time) => all + time, 0);
  return { framesPerSecond: (times.length / sum) * 1000, medianMs: spread(times).median, p95Ms: sorted[Math.floor(sorted.length * 0.95)], worstMs: sorted[sorted.length - 1], late: times.filter((time) => time > 25).length / times.length };
}

export async function benchPlot({ json }) {
  const home = mkdtempSync(join(tmpdir(), 'endstation-plot-'));
  const server = spawn(process.execPath, [join(root, 'build', 'endstation.mjs'), 'serve', '--json'], { env: { ...process.env, HOME: home, XDG_CONFIG_HOME: home, ENDSTATION_HOME: home, ENDSTATION_DATA: join(home, 'data') }, stdio: ['ignore', 'pipe', 'inherit'] });
  let browser;
  try {
    const url = await new Promise((resolve, reject) => {
      server.stdout.once('data', (data) => resolve(JSON.parse(String(data).split('\n')[0]).url));
      server.once('exit', (code) => reject(new Error(`The server ended (exit code ${code}).`)));
    });
    browser = await chromium.launch({ executablePath: process.env.ENDSTATION_CHROMIUM ?? '/usr/bin/chromium', args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
    const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    await page.addInitScript({ path: messagePack });
    await page.addInitScript(prepareFeed);
    await page.goto(url);
    await page.getByRole('tab', { name: 'Scan', exact: true }).click();
    await page.waitForTimeout(2000);
    const idle = figures(await frameTimes(page, 3000));
    await page.evaluate(({ all, first }) => {
      globalThis.benchFeed.begin(all);
      for (let at = 0; at < first; at += 5000) globalThis.benchFeed.add(5000);
    }, { all: shown + rate * (seconds + 2), first: shown });
    await page.waitForTimeout(2000);
    await page.evaluate(([count, every]) => { globalThis.benchFeed.timer = setInterval(() => globalThis.benchFeed.add(count), every); }, [rate / 100, 10]);
    const live = figures(await frameTimes(page, seconds * 1000));
    await page.evaluate(() => clearInterval(globalThis.benchFeed.timer));
    await page.waitForTimeout(1000);
    const plot = await page.locator('.u-over').first().boundingBox();
    const moving = frameTimes(page, 4000);
    for (let step = 0; step < 200; step++) await page.mouse.move(plot.x + ((step * 7) % plot.width), plot.y + 40 + ((step * 3) % 100));
    const crosshair = figures(await moving);
    const rows = await page.getByRole('table').first().getAttribute('aria-rowcount');
    const result = { points: Number(rows) - 1, series: 2, idle, live, crosshair };
    if (json) console.log(JSON.stringify({ bench: 'plot', ...result }));
    else {
      console.log(`Live plot, ${result.points.toLocaleString('en')} points of ${result.series} series shown, Chromium:`);
      for (const [name, one] of Object.entries({ 'nothing shown': idle, [`${rate} points/s coming`]: live, 'crosshair moved': crosshair })) {
        console.log(`  ${name.padEnd(22)} ${one.framesPerSecond.toFixed(1)} frames/s, median ${one.medianMs.toFixed(1)} ms, 95 % within ${one.p95Ms.toFixed(1)} ms, worst ${one.worstMs.toFixed(0)} ms, ${(one.late * 100).toFixed(1)} % late`);
      }
    }
  } finally {
    await browser?.close();
    server.kill();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

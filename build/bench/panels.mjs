// The panels' benchmark: a display of a thousand values that change ten times a second in a real IOC, in real Electron. How many of the changes are
// painted, how many frames the window keeps, and what a painted change costs of CPU, in all processes of the application together.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { _electron } from '@playwright/test';
import { virtualDisplay } from '../display.mjs';
import { installPython, root } from '../provision.mjs';
import { prepareDist, testRuntime, versionOf } from '../runtime.mjs';
import { loopbackOnly } from './epics/ioc.mjs';

/** Changes a second of each record of the IOC. */
const rate = 10;
const columns = 40;
/** Seconds of each of the two measurements: of what is painted, and of what it costs while nobody looks. */
const seconds = 10;
/** Linux counts CPU time in hundredths of a second. */
const ticks = 100;

function startIoc(python, env, records) {
  const child = spawn(python, [join(root, 'e2e', 'ioc', 'softioc.py'), String(records)], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => { if (line.startsWith('READY')) resolve({ stop: () => child.stdin.end() }); });
    child.once('exit', (code) => reject(new Error(`The IOC ended (exit code ${code}).`)));
  });
}

function display(values) {
  const [width, height] = [40, 20];
  const widgets = Array.from({ length: values }, (_, i) => `<widget type="textupdate" version="2.0.0"><name>Value ${i}</name><pv_name>E2E:many:${String(i).padStart(4, '0')}</pv_name>
    <x>${(i % columns) * width}</x><y>${Math.floor(i / columns) * height}</y><width>${width - 2}</width><height>${height - 2}</height></widget>`);
  return `<?xml version="1.0" encoding="UTF-8"?><display version="2.0.0"><name>Many values</name><width>${columns * width}</width><height>${Math.ceil(values / columns) * height}</height>${widgets.join('')}</display>`;
}

/** Runs in the page: text that differs from that of the frame before was painted; frames are counted beside. */
function countPaints(limit) {
  const nodes = [...document.querySelectorAll('.display [data-type="textupdate"]')].map((widget) => document.createTreeWalker(widget, NodeFilter.SHOW_TEXT).nextNode());
  const shown = nodes.map((node) => node.nodeValue);
  return new Promise((resolve) => {
    const result = { updates: 0, frames: 0, late: 0, seconds: 0 };
    const begin = performance.now();
    let last = begin;
    const next = (now) => {
      result.frames++;
      if (now - last > 25) result.late++;
      last = now;
      nodes.forEach((node, i) => {
        if (node.nodeValue === shown[i]) return;
        shown[i] = node.nodeValue;
        result.updates++;
      });
      result.seconds = (now - begin) / 1000;
      if (now - begin < limit) requestAnimationFrame(next);
      else resolve(result);
    };
    requestAnimationFrame(next);
  });
}

/** null: it has ended. */
function readProcess(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
    return { pid, parent: stat[1], cpu: (Number(stat[11]) + Number(stat[12])) / ticks, megabytes: Number(stat[21]) * 4096 / 1e6, kind: /--type=([\w-]+)/.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.[1] ?? 'main' };
  } catch {
    return null;
  }
}

/** CPU seconds and resident megabytes of a process and all that it started, by what they are. */
function costs(rootPid) {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(readProcess).filter((one) => one);
  const wanted = new Set([String(rootPid)]);
  for (let size = 0; size < wanted.size;) {
    size = wanted.size;
    for (const { pid, parent } of processes) if (wanted.has(parent)) wanted.add(pid);
  }
  const sums = {};
  for (const { cpu, megabytes, kind } of processes.filter(({ pid }) => wanted.has(pid))) {
    const own = sums[kind] ??= { cpu: 0, megabytes: 0 };
    own.cpu += cpu;
    own.megabytes += megabytes;
  }
  return sums;
}

async function measure(values, python, { executable, args, version, screen }) {
  const home = mkdtempSync(join(tmpdir(), 'endstation-panels-'));
  const env = await loopbackOnly();
  const ioc = await startIoc(python, env, values);
  const file = join(home, 'many.bob');
  writeFileSync(file, display(values));
  const app = await _electron.launch({
    executablePath: executable, args: [...args, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--profile=EPICS environment'], timeout: 60_000,
    env: { ...env, DISPLAY: screen.name, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home, ENDSTATION_HOME: home, ENDSTATION_DATA: join(home, 'data') },
  });
  try {
    const page = await app.firstWindow();
    await app.evaluate(({ BrowserWindow, dialog }, chosen) => {
      BrowserWindow.getAllWindows()[0].setBounds({ x: 0, y: 0, width: 1600, height: 1000 });
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
    }, file);
    await page.getByRole('tab', { name: 'Panels', exact: true }).click();
    const open = page.getByRole('button', { name: 'Open file' }).first();
    await open.waitFor();
    await page.waitForTimeout(1500);
    const began = Date.now();
    await open.click();
    await page.waitForFunction((count) => {
      const all = document.querySelectorAll('.display [data-type="textupdate"]');
      return all.length === count && [...all].every((widget) => widget.textContent !== '');
    }, values, { polling: 50, timeout: 120_000 });
    const live = (Date.now() - began) / 1000;
    await page.waitForTimeout(3000);
    const painted = await page.evaluate(countPaints, seconds * 1000);
    const before = costs(app.process().pid);
    const from = process.hrtime.bigint();
    await page.waitForTimeout(seconds * 1000);
    const took = Number(process.hrtime.bigint() - from) / 1e9;
    const after = costs(app.process().pid);
    const perSecond = painted.updates / painted.seconds;
    const cores = Object.fromEntries(Object.entries(after).map(([kind, { cpu }]) => [kind, (cpu - (before[kind]?.cpu ?? 0)) / took]));
    const all = Object.values(cores).reduce((sum, one) => sum + one, 0);
    return {
      bench: 'panels', version, values, due: values * rate, liveSeconds: live, paintedPerSecond: perSecond, framesPerSecond: painted.frames / painted.seconds, late: painted.late / painted.frames,
      cores: all, coresOf: cores, cpuMicrosecondsPerUpdate: all / perSecond * 1e6, megabytes: Object.values(after).reduce((sum, one) => sum + one.megabytes, 0),
    };
  } finally {
    await app.close();
    ioc.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

export async function benchPanels({ json = false, only = null }) {
  const python = process.env.ENDSTATION_PYTHON ?? installPython();
  const dist = process.env.ENDSTATION_TEST_ELECTRON ?? await testRuntime();
  const version = `Electron ${versionOf(dist)}`;
  const program = await prepareDist({ dist, program: join(dist, 'electron'), version: versionOf(dist) ?? 'unknown' });
  const screen = await virtualDisplay();
  for (const values of only?.map(Number) ?? [200, 1000]) {
    const result = await measure(values, python, { ...program, version, screen });
    if (json) console.log(JSON.stringify(result));
    else {
      const { due, liveSeconds, paintedPerSecond, framesPerSecond, late, cores, coresOf, cpuMicrosecondsPerUpdate, megabytes } = result;
      console.log(`${values} values at ${rate} Hz, ${version}: live after ${liveSeconds.toFixed(1)} s; ${paintedPerSecond.toFixed(0)} of ${due} changes a second painted, `
        + `${framesPerSecond.toFixed(1)} frames/s, ${(late * 100).toFixed(1)} % late; ${cores.toFixed(2)} cores (${Object.entries(coresOf).map(([kind, own]) => `${kind} ${own.toFixed(2)}`).join(', ')}), `
        + `${cpuMicrosecondsPerUpdate.toFixed(0)} us of CPU a painted change; ${megabytes.toFixed(0)} MB`);
    }
  }
  screen.close();
}

// Flame graphs of our clients while they hear of 50,000 updates a second: where the CPU of an update goes, call by call.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../provision.mjs';
import { metrics } from './metrics.mjs';
import { preparePeers } from './peers.mjs';

/** Microseconds between two looks at the stack. */
const interval = 200;
const width = 1200;
const row = 17;
/** Pixels that a call needs to be drawn, and to have its name written. */
const least = { drawn: 0.7, named: 28 };
const letter = 6.1;
const kinds = {
  library: ['#8fb8de', 'the library'], node: ['#cfd3d8', "Node's JavaScript"], native: ['#b9d8a8', 'V8, the system'], gc: ['#f0b27a', 'garbage collection'],
};

/** Writes `docs/images/flame-ca.svg` and `flame-pva.svg`. */
export async function drawFlames(protocols, { python, env, ioc, say }) {
  // Longer than where it is measured: else half of what is seen is the start.
  const rate = { ...metrics.find(({ key }) => key === 'rate'), seconds: 15 };
  for (const [protocol, title] of Object.entries(protocols)) {
    const folder = mkdtempSync(join(tmpdir(), 'endstation-flame-'));
    try {
      const [{ command: [node, ...program] }] = preparePeers(protocol, python, [], say);
      const profiled = [node, '--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-interval=${interval}`, ...program];
      const { received, cpuPerEvent } = await rate.sample(rate, profiled, [protocol], env, ioc);
      const [file] = readdirSync(folder);
      if (!file) throw new Error('The client left no profile.');
      const target = join(root, 'docs', 'images', `flame-${protocol}.svg`);
      writeFileSync(target, flameOf(treeOf(JSON.parse(readFileSync(join(folder, file), 'utf8'))), `${title}: ${rate.channels.toLocaleString('en')} monitors, ${received.toLocaleString('en')} updates, ${cpuPerEvent.toFixed(2)} µs of CPU each while profiled`));
      say(target);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

function kindOf({ functionName, url }) {
  if (functionName === '(garbage collector)') return 'gc';
  if (url.startsWith('node:')) return 'node';
  return url === '' ? 'native' : 'library';
}

/** The calls of a profile as a tree; `time` in microseconds, what they called included. Idle time is none of anybody's. */
function treeOf({ nodes, samples, timeDeltas }) {
  const own = new Map();
  samples.forEach((id, index) => own.set(id, (own.get(id) ?? 0) + timeDeltas[index]));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const merged = (ids) => {
    const calls = new Map();
    for (const id of ids) {
      const { callFrame, children = [] } = byId.get(id);
      if (callFrame.functionName === '(idle)') continue;
      const key = `${callFrame.functionName} ${callFrame.url}:${callFrame.lineNumber}`;
      const call = calls.get(key) ?? { name: callFrame.functionName || '(anonymous)', kind: kindOf(callFrame), own: 0, below: [] };
      call.own += own.get(id) ?? 0;
      call.below.push(...children);
      calls.set(key, call);
    }
    return [...calls.values()].map(({ below, ...call }) => {
      const children = merged(below);
      return { ...call, children, time: call.own + children.reduce((sum, { time }) => sum + time, 0) };
    }).sort((a, b) => b.time - a.time);
  };
  const [top] = merged([nodes[0].id]);
  return { ...top, name: 'all but idle', kind: 'native' };
}

const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Root at the bottom; the width of a call is its part of the time. */
function flameOf(tree, title) {
  const boxes = [];
  let deepest = 0;
  const place = (call, x, depth) => {
    const wide = (call.time / tree.time) * width;
    if (wide < least.drawn) return;
    deepest = Math.max(deepest, depth);
    boxes.push({ call, x, depth, wide });
    let next = x;
    for (const child of call.children) {
      place(child, next, depth + 1);
      next += (child.time / tree.time) * width;
    }
  };
  place(tree, 0, 0);
  const [top, height] = [46, 46 + (deepest + 1) * row + 6];
  const drawn = boxes.map(({ call, x, depth, wide }) => {
    const y = height - 6 - (depth + 1) * row;
    const part = `${((100 * call.time) / tree.time).toFixed(1)} %`;
    const letters = Math.floor((wide - 6) / letter);
    const text = `${call.name} ${part}`.length <= letters ? `${call.name} ${part}` : call.name.length <= letters ? call.name : `${call.name.slice(0, Math.max(letters - 1, 0))}…`;
    const name = wide < least.named ? '' : `<text x="${(x + 3).toFixed(1)}" y="${y + 12}">${escaped(text)}</text>`;
    return `<g><title>${escaped(`${call.name}: ${part}, itself ${((100 * call.own) / tree.time).toFixed(1)} %`)}</title><rect x="${x.toFixed(1)}" y="${y}" width="${Math.max(wide - 0.5, 0.2).toFixed(1)}" height="${row - 1}" fill="${kinds[call.kind][0]}"/>${name}</g>`;
  });
  const legend = Object.values(kinds).map(([colour, text], index) => `<rect x="${4 + index * 160}" y="26" width="12" height="12" fill="${colour}"/><text x="${21 + index * 160}" y="36">${text}</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="DejaVu Sans Mono, Consolas, monospace" font-size="10">
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="4" y="${top - 30}" font-size="13">${escaped(title)}</text>
${legend.join('')}
${drawn.join('\n')}
</svg>
`;
}

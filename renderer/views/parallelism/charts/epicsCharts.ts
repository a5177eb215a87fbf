// Clients of EPICS: polled or told, waiting, and beside computing.
import { barChart, rowOf, type ChartSource } from './chartSource';
import type { BarRow, ChartSpec } from './chartSpec';

/** What these experiments run in a runtime is a client. */
const clients: Readonly<Record<string, string>> = { cpythonThreads: 'PyEpics', cThreads: 'C, libca', nodeMain: 'Endstation\'s client' };
const clientOf = (source: ChartSource, key: string) => clients[key] ?? source.titleOf(key);

const places: Readonly<Record<string, string>> = { beamline: '1 PV of the simulated beamline', ioc: '1 PV of a real IOC' };
/** `1x20Hz` as `1 PV at 20 Hz`. */
function loadText(load: string): string {
  const [, channels, rate] = /^(\d+)x(\d+)Hz$/.exec(load) ?? [];
  return channels === undefined || rate === undefined ? places[load] ?? load : `${channels} ${channels === '1' ? 'PV' : 'PVs'} at ${rate} Hz`;
}

interface Way { readonly key: string; readonly mode: string; readonly load: string }
function waysOf({ figures }: ChartSource): Way[] {
  const found = Object.keys(figures).flatMap((name) => {
    const [, key, mode, load] = /^(\w+)\.(poll|monitor)\.(\w+)\.cpu$/.exec(name) ?? [];
    return key === undefined || mode === undefined || load === undefined ? [] : [{ key, mode, load }];
  });
  const loads = [...new Set(found.map(({ load }) => load))];
  return found.sort((a, b) => loads.indexOf(a.load) - loads.indexOf(b.load));
}

const modeText: Readonly<Record<string, string>> = { poll: 'polls', monitor: 'is told' };

export function pollingCharts(source: ChartSource): ChartSpec[] {
  const ways = waysOf(source);
  const rows = (parts: readonly string[], of: readonly Way[] = ways): (BarRow | null)[] => of.map(({ key, mode, load }) => (
    rowOf(source, `${clientOf(source, key)} ${modeText[mode] ?? mode}`, loadText(load), parts.map((part) => `${key}.${mode}.${load}.${part}`))));
  const article = source.article['cpythonThreads.tenRounds'];
  const tenRounds = [...new Set(ways.map(({ key }) => key))].map((key) => rowOf(source, clientOf(source, key), undefined, [`${key}.tenRounds`, `${key}.answering`]));
  return [
    ...barChart({ title: 'From a change to its notice', axis: { title: 'Latency', unit: 'ms', log: true }, series: ['median', '99 % are faster'] }, rows(['p50', 'p99'])),
    ...barChart({ title: 'CPU of the client', axis: { title: 'CPU', unit: '% of a core' }, series: ['CPU'] }, rows(['cpu'])),
    ...barChart({ title: 'What polling asks for, and what it does not see', axis: { title: 'Part', unit: '%' }, series: ['values read that had not changed', 'changes missed'] }, rows(['unchanged', 'missed'])),
    ...barChart({
      title: 'Ten rounds of caget_many and sleep(0.01)', axis: { title: 'Time', unit: 'ms' }, series: ['ten rounds', 'of which the devices took to answer'], ...(article ? { marks: ['the article'] } : {}),
    }, tenRounds.map((row) => (row && article ? { ...row, marks: [{ mark: 0, value: article.value }] } : row))),
  ];
}

export function waitingCharts(source: ChartSource): ChartSpec[] {
  const keys = [...new Set(Object.keys(source.figures).map((name) => name.slice(0, name.indexOf('.'))))];
  const rows = (names: readonly string[]) => keys.map((key) => rowOf(source, clientOf(source, key), undefined, names.map((name) => `${key}.${name}`)));
  return [
    ...barChart({
      title: 'CPU of a program that waits', axis: { title: 'CPU', unit: '% of a core', log: true }, series: ['1,000 PVs that never change', '100 events a second', '10,000 events a second'],
    }, rows(['idle.cpu', 'control.cpu', 'many.cpu'])),
    ...barChart({ title: 'CPU time of an event', axis: { title: 'CPU time', unit: 'µs', log: true }, series: ['at 100 events a second', 'at 10,000 events a second'] }, rows(['control.cost', 'many.cost'])),
  ];
}

const beside: readonly (readonly [mode: string, title: string])[] = [
  ['alone', 'alone'], ['devices', 'eight threads wait for devices'], ['thread', 'a thread computes'], ['process', 'a process computes'], ['worker', 'a worker computes'], ['main', 'its own thread computes'],
];

export function callbacksCharts(source: ChartSource): ChartSpec[] {
  const keys = [...new Set(Object.keys(source.figures).map((name) => name.slice(0, name.indexOf('.'))))];
  const rows = keys.flatMap((key) => beside.map(([mode, title]) => rowOf(source, clientOf(source, key), title, [`${key}.${mode}.p50`, `${key}.${mode}.p99`])));
  return barChart({ title: 'From a change to its callback', axis: { title: 'Latency', unit: 'ms', log: true }, series: ['median', '99 % are faster'] }, rows);
}

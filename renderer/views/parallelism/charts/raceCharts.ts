// Updates that were lost, and what an update costs.
import { formatCount } from '../../../composables/formatQuantity';
import { numberText } from '../figureText';
import { barChart, rowOf, type ChartSource } from './chartSource';
import type { BarRow, ChartSpec } from './chartSpec';

const cases = [
  { lost: 'lostInAll', cost: 'plainCost', title: 'without protection' },
  { lost: 'lostWithCallInAll', cost: 'callCost', title: 'with a call in the statement' },
  { lost: 'lostWithLockInAll', cost: 'lockCost', title: 'with a lock' },
  { lost: 'lostWithLockInAll', cost: 'mutexCost', title: 'with a mutex' },
  { lost: 'lostAtomicInAll', cost: 'atomicCost', title: 'atomic' },
] as const;

export function raceCharts(source: ChartSource): ChartSpec[] {
  const keys = [...new Set(Object.keys(source.figures).flatMap((name) => (/\.lost\w*InAll$/.test(name) ? [name.slice(0, name.indexOf('.'))] : [])))];
  const windows = keys.flatMap((key) => (source.figures[`${key}.window`] ? [key] : []));
  const article = source.article['cpythonThreads.window'];
  return [
    ...barChart({ title: 'Updates lost by two threads', axis: { title: 'Lost, of all updates', unit: '%' }, series: ['lost'] }, keys.flatMap((key) => lostRows(source, key))),
    ...barChart({
      title: 'What an update costs', axis: { title: 'Time an update, two threads at once', unit: 'ns', log: true }, series: ['time'], ...(article ? { marks: ['the article\'s window'] } : {}),
    }, [
      ...windows.map((key) => withMark(rowOf(source, source.titleOf(key), 'from load to store, one thread', [`${key}.window`]), article?.value)),
      ...keys.flatMap((key) => cases.map(({ cost, title }) => rowOf(source, source.titleOf(key), title, [`${key}.${cost}`]))),
    ]),
  ];
}

function withMark(row: BarRow | null, value: number | undefined): BarRow | null {
  return row && value !== undefined ? { ...row, marks: [{ mark: 0, value }] } : row;
}

function lostRows({ figures, titleOf }: ChartSource, key: string): BarRow[] {
  return cases.flatMap(({ lost, cost, title }) => {
    const figure = figures[`${key}.${lost}`];
    // The figure's unit says of how many; which kind of lock it was, the cost does.
    const all = Number(/\d+/.exec(figure?.unit ?? '')?.[0]);
    if (!figure || !(all > 0) || (lost === 'lostWithLockInAll' && !figures[`${key}.${cost}`])) return [];
    const part = (100 * figure.value) / all;
    const text = figure.value === 0 ? `none of ${formatCount(all)}` : `${numberText(part)} %, ${formatCount(figure.value)} of ${formatCount(all)}`;
    return [{ label: titleOf(key), note: title, bars: [{ series: 0, value: part, text }] }];
  });
}

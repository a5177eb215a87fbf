// What the counters of a running program show: how far each thread is, and how much each did in each moment.
import type { ChartSpec, Lane } from './chartSpec';

/** Rows of `[ms, count of each thread]`; nothing before the third. */
export function liveCharts(course: readonly (readonly number[])[]): ChartSpec[] {
  if (course.length < 3) return [];
  const threads = (course.at(-1)?.length ?? 1) - 1;
  const names = Array.from({ length: threads }, (_, index) => threadName(index));
  return [
    { kind: 'lanes', title: 'What each thread did, moment by moment', axis: { title: 'Time', unit: 'ms' }, lanes: names.map((title, index) => ({ title, spans: spansOf(course, index + 1) })) },
    {
      kind: 'lines', title: 'Rounds done', x: { title: 'Time', unit: 's' }, y: { title: 'Rounds', unit: '' },
      lines: names.map((name, index) => ({ name, points: course.map((row) => ({ x: (row[0] ?? 0) / 1000, y: row[index + 1] ?? 0 })) })),
    },
  ];
}

/** The article calls its two threads by what they add. */
export function threadName(index: number): string { return ['Thread 1, ones', 'Thread 2, millions'][index] ?? `Thread ${index + 1}`; }

/** A span for each moment in which it got on; as high as its speed then, against the fastest that any thread was. */
function spansOf(course: readonly (readonly number[])[], column: number): Lane['spans'] {
  const speed = (index: number, of: number) => {
    const [before, after] = [course[index - 1], course[index]];
    const passed = (after?.[0] ?? 0) - (before?.[0] ?? 0);
    return passed > 0 ? ((after?.[of] ?? 0) - (before?.[of] ?? 0)) / passed : 0;
  };
  const columns = (course.at(-1)?.length ?? 1) - 1;
  let fastest = 0;
  for (let index = 1; index < course.length; index += 1) for (let of = 1; of <= columns; of += 1) fastest = Math.max(fastest, speed(index, of));
  return course.flatMap((row, index): Lane['spans'] => {
    const own = index === 0 ? 0 : speed(index, column);
    return own > 0 ? [[course[index - 1]?.[0] ?? 0, row[0] ?? 0, own / fastest]] : [];
  });
}

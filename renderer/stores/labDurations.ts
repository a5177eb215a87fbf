// How long each experiment took the last time in this window: from it the time left of several follows.

const key = 'endstation.lab.seconds';

function read(): Record<string, number> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? '{}');
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === 'number')) : {};
  } catch {
    return {};
  }
}
const nameOf = (experiment: string, quick: boolean) => `${experiment} ${quick ? 'quick' : 'full'}`;

export function rememberSeconds(experiment: string, quick: boolean, seconds: number): void {
  localStorage.setItem(key, JSON.stringify({ ...read(), [nameOf(experiment, quick)]: Math.round(seconds * 10) / 10 }));
}

/** Of all of them; null where they are not known, or one was never measured here. */
export function secondsOfAll(experiments: readonly string[] | null, quick: boolean): number | null {
  const known = read();
  return experiments?.reduce<number | null>((sum, experiment) => {
    const own = known[nameOf(experiment, quick)];
    return sum === null || own === undefined ? null : sum + own;
  }, 0) ?? null;
}

/** What comes after the experiment at `index`: of those that this window asked for, or of all; null where another window asked for some. */
export function experimentsToCome(asked: readonly string[] | null, all: readonly string[], count: number, index: number): readonly string[] | null {
  const list = asked && !asked.includes('all') ? asked : count === all.length ? all : null;
  return list?.slice(index + 1) ?? null;
}

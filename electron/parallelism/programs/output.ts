// How the Node programs say what they measure: the same lines as the Python and C programs print.

export type Emit = (line: Readonly<Record<string, unknown>>) => void;

export function elapsedMs(began: bigint): number {
  return Number(process.hrtime.bigint() - began) / 1e6;
}

/** Emits what it is given with the time since `began`, at most 20 times a second. */
export function reporter(began: bigint, emit: Emit): (line: () => Readonly<Record<string, unknown>>) => void {
  let last = 0;
  return (line) => {
    const at = elapsedMs(began);
    if (at - last < 50) return;
    last = at;
    emit({ at, ...line() });
  };
}

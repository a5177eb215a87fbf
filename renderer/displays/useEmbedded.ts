// A display that another one names: read, parsed with its macros, again when either changes; or why it can't be shown.
import type { Display } from '@shared/displays/displayModel';
import type { MacroTable } from '@shared/displays/macros';
import { readDisplay } from '@shared/displays/readDisplay';
import { toErrorData } from '@shared/errors';
import { shallowRef, watch, type ShallowRef } from 'vue';
import { useDisplay } from './displayContext';
import { nextDisplayId } from './displayId';

/** A display may name itself; it ends here. */
const deepest = 8;

export interface Embedded {
  readonly display: Readonly<ShallowRef<Display | null>>;
  readonly path: Readonly<ShallowRef<string>>;
  readonly problem: Readonly<ShallowRef<string | null>>;
}

export function useEmbedded(wanted: () => { readonly file: string; readonly macros: MacroTable }): Embedded {
  const context = useDisplay();
  const display = shallowRef<Display | null>(null);
  const path = shallowRef('');
  const problem = shallowRef<string | null>(null);

  watch(wanted, async ({ file, macros }, _before, onCleanup) => {
    let isOver = false;
    onCleanup(() => { isOver = true; });
    const fail = (text: string) => {
      display.value = null;
      problem.value = text;
    };
    if (file.trim() === '') return;
    if (context.depth >= deepest) {
      fail(`${file} is not shown: displays are embedded ${deepest} deep already. Does one of them embed itself?`);
      return;
    }
    try {
      const read = await context.read(file);
      if (isOver) return;
      display.value = readDisplay(read.text, { macros, displayId: nextDisplayId() });
      path.value = read.path;
      problem.value = null;
    } catch (error) {
      if (!isOver) fail(`${file}: ${toErrorData(error).message}`);
    }
  }, { immediate: true });
  return { display, path, problem };
}

// A place's display: read and parsed, loading, or failed with the reason.
import type { Display } from '@shared/displays/displayModel';
import { readDisplay } from '@shared/displays/readDisplay';
import { EndstationError, toErrorData } from '@shared/errors';
import { shallowRef, watch, type ShallowRef } from 'vue';
import { nextDisplayId } from '../../displays/displayId';
import type { Place } from './panelTabs';
import { readDisplayFile, shortName } from './uploads';

export type DisplayFile =
  | { readonly status: 'loading' }
  | { readonly status: 'failed'; readonly error: EndstationError }
  | { readonly status: 'shown'; readonly display: Display; readonly path: string };

export function useDisplayFile(place: () => Place | undefined): { file: Readonly<ShallowRef<DisplayFile>>; reload(): void } {
  const file = shallowRef<DisplayFile>({ status: 'loading' });
  const attempt = shallowRef(0);
  watch([place, attempt], async ([wanted], _before, onCleanup) => {
    let isOver = false;
    onCleanup(() => { isOver = true; });
    if (!wanted) return;
    file.value = { status: 'loading' };
    try {
      const { path, text } = await readDisplayFile(wanted.path);
      if (isOver) return;
      file.value = { status: 'shown', path, display: readDisplay(text, { macros: wanted.macros, displayId: nextDisplayId() }) };
    } catch (error) {
      const { code, message } = toErrorData(error);
      if (!isOver) file.value = { status: 'failed', error: new EndstationError(code, `${shortName(wanted.path)}: ${message}`) };
    }
  }, { immediate: true });
  return { file, reload: () => { attempt.value += 1; } };
}

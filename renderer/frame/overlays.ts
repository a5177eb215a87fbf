// What lies over the window: while a dialog is open, all but the status bar is inert, so that STOP is always within reach.
import { computed, shallowReactive } from 'vue';

/** The dialogs that are open, the topmost last. */
const open = shallowReactive<symbol[]>([]);

/** A dialog is open: the work under it takes neither mouse nor keys. */
export const covered = computed(() => open.length > 0);

export function cover(own: symbol): void { open.push(own); }
export function uncover(own: symbol): void {
  const index = open.indexOf(own);
  if (index >= 0) open.splice(index, 1);
}
export function isTopmost(own: symbol): boolean { return open.at(-1) === own; }

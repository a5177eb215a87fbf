// The keys of the whole window. They work from everywhere, also while one types in a field.
export interface ShortcutActions { palette(): void; stopAll(): void; view(index: number): void }

/** What the keys mean; null: nothing of ours. */
export function shortcutOf(event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>, actions: ShortcutActions): (() => void) | null {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  if (event.shiftKey && event.key.toLowerCase() === 'p') return actions.palette;
  if (event.shiftKey) return null;
  if (event.key === '.' || event.code === 'Period') return actions.stopAll;
  // By the place of the key: on many keyboards the digits need Shift.
  const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
  return digit ? () => actions.view(Number(digit) - 1) : null;
}

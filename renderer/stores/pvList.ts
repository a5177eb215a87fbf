// The names in the PVs view, kept in the page's storage.
import { defineStore } from 'pinia';
import { ref, watch } from 'vue';

const storageKey = 'endstation.pvs';

function kept(): string[] {
  try {
    const names: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '[]');
    return Array.isArray(names) ? names.filter((name): name is string => typeof name === 'string') : [];
  } catch {
    return [];
  }
}

/** Names typed or pasted in one go: blanks, commas and line ends part them. */
export function splitNames(text: string): string[] { return [...new Set(text.split(/[\s,;]+/).filter(Boolean))]; }

export const usePvList = defineStore('pvList', () => {
  const names = ref<string[]>(kept());
  watch(names, (list) => localStorage.setItem(storageKey, JSON.stringify(list)), { deep: true });

  /** Those that are new; what is there already stays where it is. */
  function add(text: string): string[] {
    const fresh = splitNames(text).filter((name) => !names.value.includes(name));
    names.value.push(...fresh);
    return fresh;
  }
  function remove(name: string): void { names.value = names.value.filter((one) => one !== name); }
  function clear(): void { names.value = []; }
  return { names, add, remove, clear };
});

// The runs on disk as the Runs view lists them, and the one that is open there.
import type { RunData, RunSummary } from '@shared/documents';
import { defineStore } from 'pinia';
import { ref, shallowRef, watch } from 'vue';
import { bridge } from '../bridge';
import { RunTable } from '../plot/runTable';

export const useRuns = defineStore('runs', () => {
  const text = ref('');
  const list = shallowRef<readonly RunSummary[] | null>(null);
  const listFailed = shallowRef<unknown>(null);
  const selected = shallowRef<string | null>(null);
  const open = shallowRef<{ readonly data: RunData; readonly table: RunTable } | null>(null);
  const openFailed = shallowRef<unknown>(null);
  const version = shallowRef(0);

  let listing = 0;
  async function load(): Promise<void> {
    const own = ++listing;
    listFailed.value = null;
    try {
      const answer = await bridge.call('runs.list', { text: text.value.trim(), limit: 1000 });
      if (own === listing) list.value = answer;
    } catch (error) {
      if (own === listing) listFailed.value = error;
    }
  }

  let reading = 0;
  async function read(uid: string): Promise<void> {
    const own = ++reading;
    openFailed.value = null;
    try {
      const data = await bridge.call('runs.read', { uid });
      if (own !== reading) return;
      open.value = { data, table: RunTable.of(data) };
      version.value++;
    } catch (error) {
      if (own !== reading) return;
      open.value = null;
      openFailed.value = error;
    }
  }

  function select(uid: string): void {
    selected.value = uid;
    void read(uid);
  }

  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void load(), 150);
  };
  watch(text, soon);
  bridge.onOpened(soon);
  bridge.listen('runs.changed', {}, ({ uid }) => {
    soon();
    if (uid === selected.value) void read(uid);
  });

  return { text, list, listFailed, selected, open, openFailed, version, load, select, read };
});

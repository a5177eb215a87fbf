// The run that is going on, or the last one that this window saw: its documents as columns, renewed once a painted frame.
import type { RunDocument } from '@shared/documents';
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { bridge } from '../bridge';
import { RunTable } from '../plot/runTable';

export const useLiveRun = defineStore('liveRun', () => {
  const table = shallowRef<RunTable | null>(null);
  /** Grows with each change of the table, which itself is not reactive. */
  const version = shallowRef(0);
  let painting = false;

  function changed(): void {
    if (painting) return;
    painting = true;
    requestAnimationFrame(() => {
      painting = false;
      version.value++;
    });
  }

  function take(documents: readonly RunDocument[]): void {
    for (const document of documents) {
      if (document.name === 'start') table.value = new RunTable();
      if (table.value?.apply(document)) changed();
    }
  }
  bridge.listen('scan.documents', {}, take);

  return { table, version };
});

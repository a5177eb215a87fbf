// What the middle of the Scan view shows: the plot, the script of the plan, or a camera by its name.
import { defineStore } from 'pinia';
import { ref } from 'vue';

export type ScanPane = 'plot' | 'script' | { readonly camera: string };

export const useScanPane = defineStore('scanPane', () => {
  const chosen = ref<ScanPane>('plot');
  return { chosen };
});

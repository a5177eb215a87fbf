// Other machines whose exported results were imported, to be shown beside this one's; the services keep them.
import type { LabImport } from '@shared/lab';
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { bridge } from '../bridge';

const largestFile = 40e6;

export const useLabMachines = defineStore('labMachines', () => {
  const machines = shallowRef<readonly LabImport[]>([]);
  const problem = shallowRef<unknown>(null);

  async function load(): Promise<void> {
    try {
      machines.value = await bridge.call('lab.imports', {});
      problem.value = null;
    } catch (error) {
      problem.value = error;
    }
  }
  /** Rejects with why a file can't be used. */
  async function add(file: File): Promise<void> {
    if (file.size > largestFile) throw new Error(`${file.name} has ${Math.round(file.size / 1e6)} MB; results of a lab have at most ${largestFile / 1e6} MB.`);
    await bridge.call('lab.import', { name: file.name, text: await file.text() });
    await load();
  }
  async function remove(id: string): Promise<void> {
    await bridge.call('lab.forgetImport', { id });
    await load();
  }
  bridge.onOpened(() => void load());

  return { machines, problem, load, add, remove };
});

/** How a machine is called: its file, without the ending. */
export function machineName({ name }: LabImport): string { return name.replace(/\.\w+$/, ''); }

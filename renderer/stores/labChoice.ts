// What is chosen in the lab: the experiments to run together, the runtimes of each, and whether quick.
import type { ExperimentDescription, LabRuntime } from '@shared/lab';
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { useLab } from './lab';

/** Those that take part where nothing is chosen. */
export function takesPart(experiment: ExperimentDescription, { id, standard }: LabRuntime): boolean { return standard || experiment.also?.includes(id) === true; }

export const useLabChoice = defineStore('labChoice', () => {
  const lab = useLab();
  const quick = ref(true);
  const picked = shallowRef<readonly string[]>([]);
  /** By experiment, where the user changed it. */
  const changed = shallowRef<ReadonlyMap<string, readonly string[]>>(new Map());

  const own = (experiment: ExperimentDescription) => (lab.overview?.runtimes ?? []).filter(({ id }) => experiment.runtimes.includes(id));
  /** Runtimes that take part and are there. */
  function runtimesOf(experiment: ExperimentDescription): readonly string[] {
    return changed.value.get(experiment.id) ?? own(experiment).filter((runtime) => takesPart(experiment, runtime) && runtime.available).map(({ id }) => id);
  }
  function chooseRuntimes(experiment: ExperimentDescription, ids: readonly string[]): void { changed.value = new Map(changed.value).set(experiment.id, ids); }
  /** In the order of the list, whichever was picked first. */
  function pick(id: string, on: boolean): void {
    const set = new Set(picked.value);
    if (on) set.add(id);
    else set.delete(id);
    picked.value = (lab.overview?.experiments ?? []).map((experiment) => experiment.id).filter((each) => set.has(each));
  }

  /** Rejects with why it was not started. Without a change of the choice each experiment takes its own runtimes. */
  async function run(experiments: readonly ExperimentDescription[]): Promise<void> {
    const runtimes = experiments.some(({ id }) => changed.value.has(id))
      // Missing ones that would take part are asked for too, so that the result says what to install.
      ? experiments.flatMap((experiment) => [...runtimesOf(experiment), ...own(experiment).filter((runtime) => takesPart(experiment, runtime) && !runtime.available).map(({ id }) => id)])
      : [];
    await lab.run(experiments.map(({ id }) => id), [...new Set(runtimes)], quick.value);
  }
  const runAll = () => lab.run(['all'], [], quick.value);

  return { quick, picked, own, runtimesOf, chooseRuntimes, pick, run, runAll };
});

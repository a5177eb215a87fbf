// Compute jobs as this window sees them: what can be done, what runs, and the result that is looked at.
import type { ComputeActivity, ComputeTask, InputSource, JobDescription } from '@shared/computeTasks';
import type { ShownInput } from '@shared/computeResults';
import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import { bridge } from '../bridge';

interface OpenResult { readonly task: ComputeTask; readonly output: unknown; readonly input: ShownInput }
export interface JobRequest {
  readonly job: JobDescription['name'];
  readonly input: Readonly<Record<string, unknown>>;
  readonly on: string;
  readonly sources: Readonly<Record<string, InputSource>>;
  readonly run: string | null;
}

export const useCompute = defineStore('compute', () => {
  const jobs = shallowRef<readonly JobDescription[] | null>(null);
  const problem = shallowRef<unknown>(null);
  const activity = shallowRef<ComputeActivity | null>(null);
  const selected = shallowRef<string | null>(null);
  const open = shallowRef<OpenResult | null>(null);
  const openFailed = shallowRef<unknown>(null);
  const task = computed(() => activity.value?.tasks.find(({ id }) => id === selected.value) ?? null);

  async function load(): Promise<void> {
    try {
      jobs.value = await bridge.call('compute.jobs', {});
      problem.value = null;
    } catch (error) {
      problem.value = error;
    }
  }

  /** The result of the selected job, once it has one. */
  async function read(): Promise<void> {
    const id = selected.value;
    openFailed.value = null;
    if (id === null || task.value?.state !== 'done' || open.value?.task.id === id) return;
    try {
      const found = await bridge.call('compute.result', { id });
      if (id === selected.value) open.value = found;
    } catch (error) {
      if (id === selected.value) openFailed.value = error;
    }
  }
  watch(() => [selected.value, task.value?.state] as const, () => {
    if (open.value && open.value.task.id !== selected.value) open.value = null;
    void read();
  });

  bridge.onOpened(() => { if (jobs.value || problem.value) void load(); });
  bridge.listen('compute.changed', {}, (heard) => { activity.value = heard; });

  /** Rejects with why it was not started. */
  async function run(request: JobRequest): Promise<void> {
    const { id } = await bridge.call('compute.run', { ...request, sources: { ...request.sources } });
    selected.value = id;
  }
  const cancel = (id: string) => bridge.call('compute.cancel', { id });
  const forget = (id: string) => bridge.call('compute.forget', { id });
  const save = (id: string, format: 'json' | 'csv') => bridge.call('compute.save', { id, format });

  return { jobs, problem, activity, selected, task, open, openFailed, load, read, run, cancel, forget, save };
});

// The queue of plans as this window sees it, and what can be done to it.
import type { ArgsIn, CallNames, Contract } from '@shared/contract';
import type { PlanRequest } from '@shared/plans';
import type { QueueCheck, QueueState } from '@shared/queue';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { bridge } from '../bridge';
import { useNotices } from './notices';

const nothing: QueueState = { items: [], express: [], running: null, state: 'idle', loop: false, lock: null, halted: null, history: [] };
type QueueCall = Extract<CallNames<Contract>, `queue.${string}`>;
/** A checked request is what its own schema takes, but its type does not say so. */
type Wanted = ArgsIn<Contract['queue.add']>['request'];
type Metadata = Record<string, string | number | boolean>;

export const useQueue = defineStore('queue', () => {
  const notices = useNotices();
  const state = shallowRef<QueueState>(nothing);
  const known = shallowRef(false);
  const checks = shallowRef<ReadonlyMap<string, QueueCheck>>(new Map());
  /** The item whose plan is in the form. */
  const editing = ref<string | null>(null);
  bridge.listen('queue.state', {}, (next) => {
    state.value = next;
    known.value = true;
    if (editing.value !== null && !next.items.some((item) => item.id === editing.value)) editing.value = null;
  });

  const size = computed(() => state.value.items.length + state.value.express.length);
  const works = computed(() => state.value.state !== 'idle' || state.value.running !== null);

  const attempt = <M extends QueueCall>(title: string, method: M, args: ArgsIn<Contract[M]>) => notices.attempt(title, () => bridge.call(method, args));
  const add = (request: PlanRequest, metadata: Metadata = {}) => attempt('The plan was not added to the queue', 'queue.add', { request: request as Wanted, metadata });
  const save = (id: string, request: PlanRequest, metadata: Metadata) => attempt('The plan in the queue was not changed', 'queue.edit', { id, request: request as Wanted, metadata });
  const remove = (id: string) => attempt('The plan was not removed', 'queue.remove', { ids: [id] });
  const move = (id: string, to: number) => attempt('The plan was not moved', 'queue.move', { id, to });
  const duplicate = (id: string) => attempt('The plan was not duplicated', 'queue.duplicate', { id });
  const runNow = (id: string) => attempt('The plan does not run', 'queue.runNow', { id });
  const start = () => attempt('The queue was not started', 'queue.start', {});
  const finish = () => attempt('The queue goes on', 'queue.finish', {});
  const loop = (on: boolean) => attempt('The queue was not changed', 'queue.loop', { on });
  const lock = (note: string) => attempt('The queue was not locked', 'queue.lock', { note });
  const unlock = () => attempt('The queue was not unlocked', 'queue.unlock', {});
  const clearHistory = () => attempt('The history was not cleared', 'queue.clearHistory', {});

  let asked = 0;
  /** What a preflight says now of each that waits; what can't be asked is left as unknown. */
  async function check(): Promise<void> {
    const own = ++asked;
    const answers = await bridge.call('queue.check', {}).catch(() => []);
    if (own === asked) checks.value = new Map(answers.map((answer) => [answer.id, answer]));
  }

  return { state, known, checks, editing, size, works, add, save, remove, move, duplicate, runNow, start, finish, loop, lock, unlock, clearHistory, check };
});

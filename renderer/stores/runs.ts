// The runs on disk as the Runs view lists them, the one that is open there, and those that are drawn over it.
import type { RunData, RunSummary } from '@shared/documents';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { bridge } from '../bridge';
import { comparedWith, mostCompared, type ComparedRuns } from '../plot/comparedRuns';
import { RunTable } from '../plot/runTable';
import { noFilters, queryOf } from '../views/runs/runFilters';
import { useNotices } from './notices';

export const useRuns = defineStore('runs', () => {
  const notices = useNotices();
  const filters = ref(noFilters());
  const list = shallowRef<readonly RunSummary[] | null>(null);
  const listFailed = shallowRef<unknown>(null);
  const selected = shallowRef<string | null>(null);
  const open = shallowRef<{ readonly data: RunData; readonly table: RunTable } | null>(null);
  const openFailed = shallowRef<unknown>(null);
  const version = shallowRef(0);
  const compared = shallowRef<ComparedRuns>(new Map());
  /** Plans and motors that runs were seen with: what a filter can choose. */
  const seen = shallowRef<{ readonly plans: readonly string[]; readonly motors: readonly string[] }>({ plans: [], motors: [] });
  /** All that is chosen in the list, the open one first. */
  const chosen = computed(() => (selected.value === null ? [] : [selected.value, ...[...compared.value.keys()].filter((uid) => uid !== selected.value)]));

  function remember(runs: readonly RunSummary[]): void {
    const plans = new Set(seen.value.plans);
    const motors = new Set(seen.value.motors);
    for (const run of runs) {
      plans.add(run.plan);
      for (const motor of run.motors) motors.add(motor);
    }
    if (plans.size !== seen.value.plans.length || motors.size !== seen.value.motors.length) seen.value = { plans: [...plans].sort(), motors: [...motors].sort() };
  }

  let listing = 0;
  async function load(): Promise<void> {
    const own = ++listing;
    listFailed.value = null;
    try {
      const answer = await bridge.call('runs.list', queryOf(filters.value));
      if (own !== listing) return;
      list.value = answer;
      remember(answer);
    } catch (error) {
      if (own === listing) listFailed.value = error;
    }
  }
  /** One run has changed: it alone is asked for, so that thousands are not listed again. */
  async function refresh(uid: string): Promise<void> {
    const own = listing;
    const query = queryOf(filters.value);
    const answer = await bridge.call('runs.list', { ...query, text: `${query.text} ${uid}`, limit: 1 }).catch(() => null);
    if (answer === null || own !== listing || list.value === null) return;
    const [found] = answer;
    const others = list.value.filter((run) => run.uid !== uid);
    const at = found ? others.findIndex((run) => run.started <= found.started) : -1;
    list.value = found ? [...others.slice(0, at < 0 ? undefined : at), found, ...(at < 0 ? [] : others.slice(at))] : others;
    if (found) remember([found]);
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
    compared.value = new Map();
    void read(uid);
  }
  let comparing = 0;
  /** Draws these over the open one, and no others. */
  async function compare(uids: readonly string[]): Promise<void> {
    const own = ++comparing;
    if (uids.length > mostCompared) notices.show({ level: 'info', title: `${uids.length} runs are too many for one plot`, message: `The first ${mostCompared} are drawn.` });
    await notices.attempt('The runs were not read', async () => {
      const next = await comparedWith(uids, compared.value);
      if (own === comparing) compared.value = next;
    });
  }
  /** Draws a run over the open one, or takes it away. */
  function toggle(uid: string): void {
    if (selected.value === null) return select(uid);
    if (uid === selected.value) return;
    const now = [...compared.value.keys()];
    void compare(now.includes(uid) ? now.filter((one) => one !== uid) : [...now, uid]);
  }

  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void load(), 150);
  };
  watch(filters, soon, { deep: true });
  bridge.onOpened(() => {
    soon();
    // It may have gone on, or ended, while nothing was heard.
    if (selected.value !== null) void read(selected.value);
  });
  bridge.listen('runs.changed', {}, ({ uid }) => {
    void refresh(uid);
    if (uid === selected.value) void read(uid);
  });

  return { filters, list, listFailed, selected, open, openFailed, version, compared, seen, chosen, load, read, select, compare, toggle };
});

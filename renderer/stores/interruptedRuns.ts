// Runs that a crash cut short: told of at the start, gone on with after a look at the sheet, or closed.
import type { LeftSetting } from '@shared/changedSettings';
import type { RunSummary } from '@shared/documents';
import type { ResumeSheet } from '@shared/resume';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { bridge } from '../bridge';
import { messageOf } from '../composables/messageOf';
import { useNotices } from './notices';

export const useInterruptedRuns = defineStore('interruptedRuns', () => {
  const notices = useNotices();
  const list = shallowRef<readonly RunSummary[]>([]);
  /** Not shown across the top again in this window. */
  const later = ref(new Set<string>());
  /** Newest first: what the banner tells of. */
  const news = computed(() => list.value.filter(({ uid }) => !later.value.has(uid)));
  /** The run whose sheet is open. */
  const asked = shallowRef<string | null>(null);
  const sheet = shallowRef<ResumeSheet | null>(null);
  const failed = shallowRef<unknown>(null);
  const checking = shallowRef(false);

  let listing = 0;
  async function load(): Promise<void> {
    const own = ++listing;
    // Where they can't be asked for, those that are known stay.
    const found = await bridge.call('runs.list', { status: ['interrupted'], limit: 50 }).catch(() => null);
    if (own === listing && found !== null) list.value = found;
  }

  let checks = 0;
  async function check(): Promise<void> {
    const uid = asked.value;
    if (uid === null) return;
    const own = ++checks;
    checking.value = true;
    failed.value = null;
    try {
      const answer = await bridge.call('runs.resumeSheet', { uid });
      if (own === checks) sheet.value = answer;
    } catch (error) {
      if (own === checks) failed.value = error;
    } finally {
      if (own === checks) checking.value = false;
    }
  }
  function ask(uid: string): void {
    asked.value = uid;
    sheet.value = null;
    void check();
  }
  function close(): void { asked.value = null; }
  function postpone(uid: string): void { later.value = new Set([...later.value, uid]); }

  const resume = (uid: string): Promise<boolean> => notices.attempt('The run was not resumed', () => bridge.call('runs.resume', { uid }));
  const abandon = (run: RunSummary): Promise<boolean> => notices.attempt('The run was not closed', async () => {
    const { done, problems } = await bridge.call('runs.abandon', { uid: run.uid });
    notices.show({
      level: problems.length === 0 ? 'ok' : 'warning', title: `Run ${run.scanId} is closed`, message: [`Its ${run.points} points stay, as a run that was aborted.`, ...done, ...problems].join(' '),
    });
  });
  /** The user is asked whether this run is to be closed; what would be put back (null: not known yet), or why that is not known. */
  const abandoning = shallowRef<{ readonly run: RunSummary; readonly left: readonly LeftSetting[] | null; readonly problem?: string } | null>(null);
  async function askAbandon(run: RunSummary): Promise<void> {
    const question = { run, left: null };
    abandoning.value = question;
    const found = await bridge.call('runs.leftSettings', { uid: run.uid }).then((left) => ({ run, left }), (error: unknown) => ({ run, left: [], problem: messageOf(error) }));
    if (abandoning.value === question) abandoning.value = found;
  }

  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void load(), 300);
  };
  bridge.onOpened(soon);
  bridge.listen('runs.changed', {}, soon);
  bridge.listen('settings.changed', {}, soon);

  return { list, news, asked, sheet, failed, checking, abandoning, load, check, ask, close, postpone, resume, abandon, askAbandon };
});

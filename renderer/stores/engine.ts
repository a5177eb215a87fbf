// The scan engine as this window sees it: its state, and the commands that the status bar, the Scan view and the palette share.
import type { PlanRequest } from '@shared/plans';
import type { EngineStatus } from '@shared/scan';
import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import { bridge } from '../bridge';
import { useNotices } from './notices';

const unknown: EngineStatus = { state: 'idle', run: null, points: 0, of: null, startedAt: null, eta: null, activity: '', error: null };

export const useEngine = defineStore('engine', () => {
  const notices = useNotices();
  const status = shallowRef<EngineStatus>(unknown);
  const busy = computed(() => status.value.state !== 'idle');
  /** Without services nobody knows what the engine does. */
  const known = computed(() => bridge.state.value === 'open');
  bridge.listen('scan.status', {}, (event) => { status.value = event; });

  // An error of a run is said once, wherever the user is looking; that it was aborted, the user who did it knows.
  watch(() => status.value.error, (error, before) => {
    if (error && error.code !== 'ABORTED' && error.message !== before?.message) notices.show({ level: 'error', title: 'The run did not end well', message: error.message, code: error.code });
  });

  const start = (request: PlanRequest, metadata: Readonly<Record<string, string | number | boolean>> = {}) => bridge.call('scan.start', { request, metadata } as Parameters<typeof bridge.call<'scan.start'>>[1]);
  /** `checkpoint`: what is under way is finished first, in most plans the point. */
  const pause = (when: 'now' | 'checkpoint' = 'now') => notices.attempt('The scan was not paused', () => bridge.call('scan.pause', { when }));
  const resume = () => notices.attempt('The scan was not resumed', () => bridge.call('scan.resume', {}));
  const stop = () => notices.attempt('The scan was not stopped', () => bridge.call('scan.stop', {}));
  const abort = (reason: string) => notices.attempt('The scan was not aborted', () => bridge.call('scan.abort', { reason }));
  const halt = () => notices.attempt('The scan was not halted', () => bridge.call('scan.halt', {}));
  /** The user wants to end the scan like this, and is to be asked first, wherever it was said. */
  const asking = shallowRef<'abort' | 'halt' | null>(null);

  /** Replaces the remaining points of the paused scan by those of the same plan with other arguments; the points that it has then. */
  const edit = (request: PlanRequest) => bridge.call('scan.edit', { request } as Parameters<typeof bridge.call<'scan.edit'>>[1]);

  /** STOP: every motor, and the scan. Says what was stopped, and loudly what was not. */
  const stopAll = () => notices.attempt('STOP did not reach the services', async () => {
    const { stopped, failed } = await bridge.call('scan.stopAll', {});
    if (failed.length > 0) notices.show({ level: 'error', title: 'STOP failed', message: `Not stopped: ${failed.join(', ')}. Stop them by other means.` });
    else notices.show({ level: 'ok', title: 'STOP', message: stopped.length > 0 ? `Stopped: ${stopped.join(', ')}.` : 'Nothing was moving.' });
  });

  return { status, busy, known, asking, start, edit, pause, resume, stop, abort, halt, stopAll };
});

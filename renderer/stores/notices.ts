// Notices for the user: what went wrong or was done, until dismissed. Errors stay; the rest leaves by itself.
import { toErrorData } from '@shared/errors';
import { defineStore } from 'pinia';
import { ref } from 'vue';

export interface Notice {
  readonly id: number;
  readonly level: 'info' | 'ok' | 'warning' | 'error';
  /** What happened, in a few words. */
  readonly title: string;
  readonly message: string;
  readonly code?: string;
  /** Unix milliseconds. */
  readonly time: number;
}

const shownFor = 6000;
const atMost = 5;

export const useNotices = defineStore('notices', () => {
  const list = ref<Notice[]>([]);
  let nextId = 1;

  function dismiss(id: number): void { list.value = list.value.filter((notice) => notice.id !== id); }

  function show(notice: Omit<Notice, 'id' | 'time'>): void {
    const own: Notice = { ...notice, id: nextId++, time: Date.now() };
    // The same thing said twice is one notice.
    const others = list.value.filter((before) => before.title !== own.title || before.message !== own.message);
    list.value = [...others, own].slice(-atMost);
    if (own.level === 'info' || own.level === 'ok') setTimeout(() => dismiss(own.id), shownFor);
  }

  /** `title` says what was not done; the error says why. */
  function fail(title: string, error: unknown): void {
    const { code, message } = toErrorData(error);
    show({ level: 'error', title, message, code });
  }

  /** Does the work; what it throws becomes a notice. True where it went well. */
  async function attempt(title: string, work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      fail(title, error);
      return false;
    }
  }

  return { list, show, fail, attempt, dismiss };
});

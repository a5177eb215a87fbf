// How a run ended, as a word with its sign.
import type { ExitStatus } from '@shared/documents';
import type { IconName } from '../../frame/icons';

export const statusFaces: Readonly<Record<ExitStatus, { readonly text: string; readonly icon: IconName }>> = {
  success: { text: 'success', icon: 'check' }, abort: { text: 'aborted', icon: 'abort' }, fail: { text: 'failed', icon: 'warning' },
  interrupted: { text: 'interrupted', icon: 'unlink' }, running: { text: 'running', icon: 'play' },
};

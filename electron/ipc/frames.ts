// Reads what a window sent as a frame of the contract: nothing about it is trusted until here.
import type { ClientFrame } from '@shared/contract/wire';

export type ReadFrame =
  | { readonly ok: true; readonly frame: ClientFrame }
  /** `id`: whom to answer, where the frame at least says that. */
  | { readonly ok: false; readonly id: number | null };

export function readClientFrame(data: unknown): ReadFrame {
  if (typeof data !== 'object' || data === null) return { ok: false, id: null };
  const { t, id, method, args } = data as Record<string, unknown>;
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 0) return { ok: false, id: null };
  if (t === 'unlisten') return { ok: true, frame: { t, id } };
  if ((t === 'call' || t === 'listen') && typeof method === 'string') return { ok: true, frame: { t, id, method, args } };
  return { ok: false, id };
}

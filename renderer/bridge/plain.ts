// Arguments as data that can be cloned: what is reactive in a view must not reach a MessagePort, which refuses proxies.
import { toRaw } from 'vue';

export function plain(value: unknown): unknown {
  const raw = toRaw(value);
  if (Array.isArray(raw)) return raw.map(plain);
  if (typeof raw !== 'object' || raw === null || ArrayBuffer.isView(raw)) return raw;
  return Object.fromEntries(Object.entries(raw).filter(([, member]) => member !== undefined).map(([key, member]) => [key, plain(member)]));
}

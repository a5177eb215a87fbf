// What is to be done each time the connection to the services opens, as long as the component (or effect scope) lives.
import { onScopeDispose } from 'vue';
import { bridge } from '../bridge';
import type { Bridge } from '../bridge/bridge';

export function useOpened(work: () => void, source: Pick<Bridge, 'onOpened'> = bridge): void {
  const listening = source.onOpened(work);
  onScopeDispose(() => listening.dispose());
}

// A stream of the contract as long as the component (or effect scope) lives.
import type { ArgsIn, Contract, EventOf, StreamNames } from '@shared/contract';
import { onScopeDispose } from 'vue';
import { bridge } from '../bridge';

export function useStream<M extends StreamNames<Contract>>(method: M, args: ArgsIn<Contract[M]>, listener: (event: EventOf<Contract[M]>) => void): void {
  const listening = bridge.listen(method, args, listener);
  onScopeDispose(() => listening.dispose());
}

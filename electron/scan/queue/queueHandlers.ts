// The queue's part of the contract, over the scan service.
import type { QueueCheck, QueueState } from '@shared/queue';
import type { Handlers } from '../../ipc/handlers';
import type { ScanService } from '../scanService';
import { pathOf } from '../plans/plans';
import { loadQueue, saveQueue } from './queueFile';
import { ScanQueue } from './scanQueue';

export type QueueCalls = Extract<keyof Handlers, `queue.${string}`>;

export interface QueueOptions {
  readonly service: ScanService;
  readonly file: string;
  readonly onProblem: (id: string, message: string) => void;
  /** A run that the queue began: the room waits for its end when it closes. */
  readonly onRun: (outcome: Promise<unknown>) => void;
}

export function createQueue({ service, file, onProblem, onRun }: QueueOptions): { queue: ScanQueue; handlers: Pick<Handlers, QueueCalls> } {
  const loaded = loadQueue(file).then(({ state, problem }) => {
    if (problem !== null) onProblem('queue', problem);
    return state;
  });
  const queue = new ScanQueue({
    loaded,
    save: (state) => saveQueue(file, state),
    runner: {
      get idle() { return service.engine.reservation.free; },
      onChange: (listener) => service.engine.onStatus(listener),
      titleOf: (request) => [request.plan, ...pathOf(request).motors].join(' '),
      async start(request, metadata, user) {
        const started = await service.start(request, metadata, user);
        onRun(started.outcome);
        return started;
      },
    },
  });
  const check = async (): Promise<QueueCheck[]> => {
    const items = await new Promise<QueueState['items']>((resolve) => { queue.onState((state) => resolve(state.items)).dispose(); });
    const checks: QueueCheck[] = [];
    for (const { id, request } of items) {
      const { ok, findings, duration, points } = await service.preflight(request);
      checks.push({ id, ok, duration, points, problem: findings.filter(({ level }) => level === 'error').map(({ message }) => message).join(' ') });
    }
    return checks;
  };
  return {
    queue,
    handlers: {
      'queue.state': (_args, emit) => queue.onState(emit),
      'queue.add': ({ request, metadata, at }, session) => queue.add(request, metadata, session.user, at),
      'queue.edit': ({ id, request, metadata }) => queue.edit(id, request, metadata),
      'queue.remove': ({ ids }) => queue.remove(ids),
      'queue.move': ({ id, to }) => queue.move(id, to),
      'queue.duplicate': ({ id }, session) => queue.duplicate(id, session.user),
      'queue.start': () => queue.start(),
      'queue.finish': () => queue.finish(),
      'queue.runNow': (wanted, session) => queue.runNow(wanted, session.user),
      'queue.loop': ({ on }) => queue.loop(on),
      'queue.lock': ({ note }, session) => queue.lock(session.user, note),
      'queue.unlock': () => queue.unlock(),
      'queue.clearHistory': () => queue.clearHistory(),
      'queue.check': check,
    },
  };
}

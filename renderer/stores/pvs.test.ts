import type { PvDelta } from '@shared/pv';
import { describe, expect, it } from 'vitest';
import { Bridge } from '../bridge/bridge';
import { ScriptedTransport } from '../bridge/scriptedTransport';
import { PvStore } from './pvs';

const whole = (pv: string, value: number): PvDelta => ({
  pv, connection: 'connected', value, severity: 'NO_ALARM', status: 'NO_ALARM', timestamp: { seconds: 1, nanoseconds: 0 }, staleSince: null, units: 'mm',
});

function started() {
  const bridge = new Bridge();
  const transport = new ScriptedTransport();
  const painting: (() => void)[] = [];
  const waiting: (() => void)[] = [];
  bridge.connect(transport);
  transport.open();
  const store = new PvStore(bridge, { paint: (work) => painting.push(work), later: (work) => waiting.push(work) });
  const run = (list: (() => void)[]) => { for (const work of list.splice(0)) work(); };
  const sent = (method: string) => transport.of('call', method).map((call) => (call.args as { pvs: string[] }).pvs);
  return { bridge, transport, store, sent, paint: () => run(painting), elapse: () => run(waiting), painting, tick: () => Promise.resolve() };
}

describe('PvStore', () => {
  it('attaches in one call what is watched in one tick, each name once', async () => {
    const { store, sent, tick } = started();
    for (const pv of ['A', 'B', 'A', 'C']) store.watch(pv);
    await tick();
    store.watch('B');
    await tick();
    expect(sent('pv.attach')).toEqual([['A', 'B', 'C']]);
  });

  it('detaches with the last watcher, after a while, and not at all when somebody came back', async () => {
    const { store, sent, tick, elapse } = started();
    const [one, two, other] = [store.watch('A'), store.watch('A'), store.watch('B')];
    await tick();
    one.dispose();
    one.dispose();
    elapse();
    expect(sent('pv.detach')).toEqual([]);
    two.dispose();
    other.dispose();
    store.watch('B');
    elapse();
    expect(sent('pv.detach')).toEqual([['A']]);
    expect(store.size).toBe(1);
    await tick();
    expect(sent('pv.attach')).toEqual([['A', 'B']]);
  });

  it('folds deltas together and shows the result once a painted frame', async () => {
    const { store, transport, paint, painting, tick } = started();
    const a = store.watch('A');
    await tick();
    transport.event('pv.frames', { deltas: [whole('A', 1), whole('unwatched', 9)], received: 2 });
    transport.event('pv.frames', { deltas: [{ pv: 'A', value: 2 }], received: 1 });
    transport.event('pv.frames', { deltas: [{ pv: 'A', severity: 'MAJOR' }], received: 1 });
    expect(a.state.value).toBeUndefined();
    expect(painting).toHaveLength(1);
    paint();
    expect(a.state.value).toEqual({ ...whole('A', 2), severity: 'MAJOR' });
  });

  it('leaves the states of PVs that did not change untouched', async () => {
    const { store, transport, paint, tick } = started();
    const [a, b] = [store.watch('A'), store.watch('B')];
    await tick();
    transport.event('pv.frames', { deltas: [whole('A', 1), whole('B', 1)], received: 2 });
    paint();
    const before = b.state.value;
    transport.event('pv.frames', { deltas: [{ pv: 'A', value: 2 }], received: 1 });
    paint();
    expect(a.state.value?.value).toBe(2);
    expect(b.state.value).toBe(before);
  });

  it('marks everything stale when the services are lost, keeps the value, attaches again when they are back', async () => {
    const { store, transport, paint, sent, tick } = started();
    const [a, never] = [store.watch('A'), store.watch('B')];
    await tick();
    transport.event('pv.frames', { deltas: [whole('A', 1)], received: 1 });
    paint();
    expect(store.notConnected(5)).toEqual(['B']);
    transport.lose();
    paint();
    expect(store.notConnected(5)).toEqual(['A', 'B']);
    expect(store.notConnected(1)).toEqual(['A']);
    expect(a.state.value).toMatchObject({ value: 1, connection: 'disconnected' });
    expect(a.state.value?.staleSince).toBeTypeOf('number');
    expect(never.state.value).toBeUndefined();
    transport.open();
    await tick();
    expect(sent('pv.attach')).toEqual([['A', 'B'], ['A', 'B']]);
    transport.event('pv.frames', { deltas: [whole('A', 5)], received: 1 });
    paint();
    expect(a.state.value).toMatchObject({ value: 5, connection: 'connected', staleSince: null });
  });

  it('forgets an error once the PV is connected', async () => {
    const { store, transport, paint, tick } = started();
    const a = store.watch('A');
    await tick();
    transport.event('pv.frames', { deltas: [{ ...whole('A', 1), connection: 'disconnected', error: { code: 'X', message: 'No answer.' } }], received: 1 });
    paint();
    expect(a.state.value?.error?.code).toBe('X');
    transport.event('pv.frames', { deltas: [{ pv: 'A', connection: 'connected' }], received: 1 });
    paint();
    expect(a.state.value?.error).toBeUndefined();
  });

  it('shows on the PV why it can not be watched', async () => {
    const { store, transport, paint, tick } = started();
    const a = store.watch('bad name');
    await tick();
    transport.frame({ t: 'error', id: transport.of('call', 'pv.attach')[0]!.id, error: { code: 'BAD_NAME', message: 'A PV name has no blanks.' } });
    await new Promise((done) => setTimeout(done));
    paint();
    expect(a.state.value).toMatchObject({ connection: 'invalid', error: { code: 'BAD_NAME' } });
  });
});

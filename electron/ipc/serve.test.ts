import { disposable } from '@shared/disposable';
import { EndstationError } from '@shared/errors';
import type { ServerFrame } from '@shared/contract/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Handlers, Session } from './handlers';
import { serve } from './serve';

function served(handlers: Partial<Handlers>, options: { observer?: boolean } = {}) {
  const frames: ServerFrame[] = [];
  const unexpected: string[] = [];
  const connection = serve(handlers as Handlers, { observer: options.observer ?? false, user: 'ada', send: (frame) => frames.push(frame) }, (method) => unexpected.push(method));
  const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
  return { connection, frames, unexpected, settle, receive: async (frame: unknown) => { connection.receive(frame); await settle(); } };
}

describe('serving the contract', () => {
  it('answers a call with its result, arguments checked and with their defaults', async () => {
    let seen: unknown;
    const { frames, receive } = served({ 'pv.names': (args) => { seen = args; return [{ pv: 'SIM:M1' }]; } });
    await receive({ t: 'call', id: 7, method: 'pv.names', args: { text: 'M1' } });
    expect(seen).toEqual({ text: 'M1', limit: 50 });
    expect(frames).toEqual([{ t: 'result', id: 7, value: [{ pv: 'SIM:M1' }] }]);
  });

  it.each([
    ['a missing argument', 'pv.read', {}, 'pv'],
    ['an unknown argument', 'pv.read', { pv: 'SIM:M1', colour: 'red' }, 'colour'],
    ['a wrong type', 'pv.attach', { pvs: 'SIM:M1' }, 'pvs'],
    ['a value out of range', 'pv.read', { pv: 'SIM:M1', timeout: 1000 }, 'timeout'],
    ['an empty name', 'pv.read', { pv: '  ' }, 'Enter the name of a PV.'],
    ['no object at all', 'pv.read', 'SIM:M1', 'Object'],
  ])('refuses %s with a readable BAD_ARGUMENTS, and does not call the handler', async (_what, method, args, named) => {
    let called = false;
    const never = () => { called = true; throw new Error('called'); };
    const { frames, receive } = served({ 'pv.read': never, 'pv.attach': never });
    await receive({ t: 'call', id: 1, method, args });
    expect(called).toBe(false);
    expect(frames).toMatchObject([{ t: 'error', id: 1, error: { code: 'BAD_ARGUMENTS' } }]);
    const [frame] = frames;
    expect(frame?.t === 'error' && frame.error.message).toContain(named);
    expect(frame?.t === 'error' && frame.error.message).toContain(method);
  });

  it.each(['pv.nothing', 'constructor', '__proto__', 'toString', 'pv.frames'])('knows no call named %s', async (method) => {
    const { frames, receive } = served({ 'pv.frames': () => disposable(() => undefined) });
    await receive({ t: 'call', id: 1, method, args: {} });
    expect(frames).toMatchObject([{ t: 'error', id: 1, error: { code: 'NO_SUCH_METHOD' } }]);
  });

  it('refuses commands to an observer and allows queries and streams', async () => {
    let writes = 0;
    const { frames, receive } = served({
      'pv.write': () => { writes += 1; throw new Error('written'); },
      'lab.run': () => { writes += 1; return { job: 'a' }; },
      'scan.stopAll': () => { writes += 1; return { stopped: [], failed: [] }; },
      'runs.list': () => [],
      'runs.changed': () => disposable(() => undefined),
    }, { observer: true });
    await receive({ t: 'call', id: 1, method: 'pv.write', args: { pv: 'SIM:M1', value: 1 } });
    await receive({ t: 'call', id: 2, method: 'lab.run', args: { experiments: [] } });
    await receive({ t: 'call', id: 3, method: 'scan.stopAll', args: {} });
    await receive({ t: 'call', id: 4, method: 'runs.list', args: {} });
    await receive({ t: 'listen', id: 5, method: 'runs.changed', args: {} });
    expect(writes).toBe(0);
    expect(frames.map((frame) => [frame.id, frame.t, frame.t === 'error' ? frame.error.code : ''])).toEqual([
      [1, 'error', 'OBSERVER'], [2, 'error', 'OBSERVER'], [3, 'error', 'OBSERVER'], [4, 'result', ''],
    ]);
  });

  it('passes a handler\'s error as code and message, and reports those without a code to the host, stack never sent', async () => {
    const { frames, unexpected, receive } = served({
      'pv.read': () => { throw new EndstationError('TIMEOUT', 'SIM:X does not answer.'); },
      'pv.info': () => Promise.reject(new TypeError('x is not a function')),
    });
    await receive({ t: 'call', id: 1, method: 'pv.read', args: { pv: 'SIM:X' } });
    await receive({ t: 'call', id: 2, method: 'pv.info', args: { pv: 'SIM:X' } });
    expect(frames).toEqual([
      { t: 'error', id: 1, error: { code: 'TIMEOUT', message: 'SIM:X does not answer.' } },
      { t: 'error', id: 2, error: { code: 'INTERNAL', message: 'x is not a function' } },
    ]);
    expect(unexpected).toEqual(['pv.info']);
  });

  it('ends a stream once, when it is left, and sends nothing after', async () => {
    let emit: (event: { uid: string }) => void = () => undefined;
    let disposed = 0;
    const { frames, receive } = served({ 'runs.changed': (_args, to) => { emit = to; emit({ uid: 'first' }); return { dispose: () => { disposed += 1; } }; } });
    await receive({ t: 'listen', id: 9, method: 'runs.changed', args: {} });
    emit({ uid: 'second' });
    await receive({ t: 'unlisten', id: 9 });
    await receive({ t: 'unlisten', id: 9 });
    emit({ uid: 'third' });
    expect(disposed).toBe(1);
    expect(frames).toEqual([{ t: 'event', id: 9, value: { uid: 'first' } }, { t: 'event', id: 9, value: { uid: 'second' } }]);
  });

  it('says why a stream could not begin', async () => {
    const { frames, receive } = served({ 'runs.changed': () => { throw new EndstationError('DATA_FOLDER', 'The data folder is gone.'); } });
    await receive({ t: 'listen', id: 2, method: 'runs.changed', args: {} });
    await receive({ t: 'listen', id: 3, method: 'runs.changed', args: { extra: 1 } });
    expect(frames).toMatchObject([{ t: 'ended', id: 2, error: { code: 'DATA_FOLDER' } }, { t: 'ended', id: 3, error: { code: 'BAD_ARGUMENTS' } }]);
  });

  it('lets everything of a window die with its connection: streams, then what the session holds; late results are not sent', async () => {
    const order: string[] = [];
    let resolve: (value: []) => void = () => undefined;
    let session: Session | undefined;
    const { connection, frames, settle, receive } = served({
      'runs.changed': (_args, _emit, own) => { session = own; own.scope.add({ dispose: () => order.push('scope') }); return { dispose: () => order.push('stream') }; },
      'runs.list': () => new Promise<[]>((done) => { resolve = done; }),
    });
    await receive({ t: 'listen', id: 1, method: 'runs.changed', args: {} });
    await receive({ t: 'call', id: 2, method: 'runs.list', args: {} });
    connection.dispose();
    connection.dispose();
    resolve([]);
    await settle();
    await receive({ t: 'call', id: 3, method: 'runs.list', args: {} });
    expect(order).toEqual(['stream', 'scope']);
    expect(frames).toEqual([]);
    session?.scope.add({ dispose: () => order.push('late') });
    expect(order).toEqual(['stream', 'scope', 'late']);
  });

  it('refuses a request number that is in use, and leaves its owner alone', async () => {
    let disposed = 0;
    const { frames, receive } = served({ 'runs.changed': () => ({ dispose: () => { disposed += 1; } }) });
    await receive({ t: 'listen', id: 1, method: 'runs.changed', args: {} });
    await receive({ t: 'listen', id: 1, method: 'runs.changed', args: {} });
    await receive({ t: 'call', id: 1, method: 'runs.list', args: {} });
    expect(frames.map((frame) => frame.t)).toEqual(['error', 'error']);
    expect(disposed).toBe(0);
  });

  it('outlives whatever a window sends', async () => {
    const { connection, frames, receive } = served({ 'runs.list': () => [] });
    fc.assert(fc.property(fc.anything(), (frame) => { connection.receive(frame); }));
    fc.assert(fc.property(fc.record({ t: fc.constantFrom('call', 'listen', 'unlisten', 'x'), id: fc.anything(), method: fc.anything(), args: fc.anything() }),
      (frame) => { connection.receive(frame); }));
    frames.length = 0;
    await receive({ t: 'nonsense', id: 4_000_001 });
    await receive({ t: 'call', id: 4_000_002, method: 'runs.list', args: {} });
    expect(frames).toEqual([
      { t: 'error', id: 4_000_001, error: { code: 'BAD_FRAME', message: expect.any(String) as string } },
      { t: 'result', id: 4_000_002, value: [] },
    ]);
  });
});

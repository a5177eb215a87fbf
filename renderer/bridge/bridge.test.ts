import { reactive } from 'vue';
import { describe, expect, it, vi } from 'vitest';
import { Bridge } from './bridge';
import { ScriptedTransport } from './scriptedTransport';
import { socketUrl } from './webSocketTransport';

function connected() {
  const bridge = new Bridge();
  const transport = new ScriptedTransport();
  bridge.connect(transport);
  transport.open();
  return { bridge, transport };
}

describe('bridge', () => {
  it('gives each call its own answer, in whatever order they come', async () => {
    const { bridge, transport } = connected();
    const one = bridge.call('pv.read', { pv: 'SIM:M1' });
    const two = bridge.call('pv.read', { pv: 'SIM:M2' });
    const [first, second] = transport.of('call', 'pv.read');
    transport.frame({ t: 'result', id: second!.id, value: { pv: 'SIM:M2' } });
    transport.frame({ t: 'error', id: first!.id, error: { code: 'NOT_CONNECTED', message: 'SIM:M1 does not answer.' } });
    await expect(two).resolves.toEqual({ pv: 'SIM:M2' });
    await expect(one).rejects.toMatchObject({ code: 'NOT_CONNECTED', message: 'SIM:M1 does not answer.' });
  });

  it('sends what was called before the services were there once they are', () => {
    const bridge = new Bridge();
    const transport = new ScriptedTransport();
    void bridge.call('app.info', {});
    bridge.connect(transport);
    expect(transport.sent).toEqual([]);
    transport.open();
    expect(transport.of('call', 'app.info')).toHaveLength(1);
  });

  it('refuses what is in flight when the connection is lost, and what is called until it is back: a write is never kept for later', async () => {
    const { bridge, transport } = connected();
    const write = bridge.call('pv.write', { pv: 'SIM:M1', value: 1 });
    transport.lose();
    await expect(write).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await expect(bridge.call('pv.write', { pv: 'SIM:M1', value: 2 })).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
    transport.open();
    expect(transport.of('call', 'pv.write')).toHaveLength(1);
    expect(bridge.state.value).toBe('open');
  });

  it('asks for every stream again after a reconnect, but not for those that ended', () => {
    const { bridge, transport } = connected();
    const heard: unknown[] = [];
    const ended = vi.fn();
    bridge.listen('runs.changed', {}, (event) => heard.push(event));
    bridge.listen('scan.status', {}, () => undefined).dispose();
    bridge.listen('pv.writes', {}, () => undefined, ended);
    transport.frame({ t: 'ended', id: transport.of('listen', 'pv.writes')[0]!.id, error: { code: 'GONE', message: 'Gone.' } });
    expect(ended).toHaveBeenCalledWith({ code: 'GONE', message: 'Gone.' });
    transport.lose();
    transport.open();
    expect(transport.of('listen', 'runs.changed')).toHaveLength(2);
    expect(transport.of('listen', 'scan.status')).toHaveLength(1);
    expect(transport.of('listen', 'pv.writes')).toHaveLength(1);
    transport.event('runs.changed', { uid: 'a' });
    expect(heard).toEqual([{ uid: 'a' }]);
  });

  it('sends reactive arguments as plain data that can be cloned', () => {
    const { bridge, transport } = connected();
    const axes = reactive([{ motor: 'SIM:M1', start: 0, stop: 1 }]);
    void bridge.call('scan.preflight', { request: { plan: 'scan', args: { detectors: ['SIM:I1'], num: 3, axes } } });
    expect(transport.of('call', 'scan.preflight')[0]?.args).toEqual({ request: { plan: 'scan', args: { detectors: ['SIM:I1'], num: 3, axes: [{ motor: 'SIM:M1', start: 0, stop: 1 }] } } });
  });

  it('carries the token of the page to the socket', () => {
    expect(socketUrl(new URL('http://127.0.0.1:8080/?token=abc') as unknown as Location)).toBe('ws://127.0.0.1:8080/socket?token=abc');
  });
});

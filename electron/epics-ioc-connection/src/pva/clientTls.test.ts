// The client against a scripted server that has TLS, on a network in memory: what it asks for, what it follows, what it says.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DiagnosticEvent } from '../diagnostics';
import { TestCertificates } from '../tls/certificates.testing';
import { begin, client, network, server, soon, useClient, warnings } from './client.testing';

const peer = { name: 'ioc', authority: 'EPICS root' };
let certificates: TestCertificates;
let [trusting, certified] = ['', ''];
beforeAll(() => {
  certificates = new TestCertificates();
  const root = certificates.authority('EPICS root');
  trusting = certificates.keychain(null, [root]);
  certified = certificates.keychain(certificates.issue('Fred F.', root), [root]);
});
afterAll(() => certificates.dispose());
useClient();

/** A client with a keychain, and a server that has TLS: `secure` is what its handshake comes to. */
async function beginTls(options: Partial<Parameters<typeof begin>[1]> = {}, secure: () => typeof peer | string = () => peer): Promise<void> {
  await client.close();
  begin('little', { tls: { keychain: trusting }, ...options }, (made) => {
    made.tls = { port: 5443, secure };
    made.methods = ['anonymous', 'ca', 'x509'];
    made.start();
  });
}

/** Longer than `soon` waits: what failed is tried again ever later. */
async function inTheEnd<Result>(promise: Promise<Result>): Promise<Result> {
  let settled = false;
  const watched = promise.finally(() => { settled = true; });
  watched.catch(() => undefined);
  while (!settled) await network.clock.advance(500);
  return watched;
}

describe('a server by TLS', () => {
  it('is searched for with TLS before TCP, and connected to at the port that it names', async () => {
    await beginTls();
    const events: DiagnosticEvent[] = [];
    client.onDiagnostic((event) => events.push(event));
    const channel = client.channel('PV');
    expect((await soon(channel.get())).value).toBe(1.5);
    expect(server.datagrams[0]?.protocols).toEqual(['tls', 'tcp']);
    expect(network.connections).toEqual(['10.0.0.1:5443']);
    expect(channel.info).toMatchObject({ host: '10.0.0.1:5443', tls: { peer: 'ioc', authority: 'EPICS root', method: 'ca' } });
    expect(events).toContainEqual(expect.objectContaining({ kind: 'circuit', state: 'open', server: '10.0.0.1:5443', tls: { peer: 'ioc', authority: 'EPICS root', method: 'ca' } }));
    expect(server.connection.validation).toMatchObject({ method: 'ca', data: { value: { user: 'ada', host: 'desk' } } });
  });

  it('knows the client by its certificate, where it has one', async () => {
    await beginTls({ tls: { keychain: certified } });
    await soon(client.channel('PV').get());
    expect(server.connection.validation).toEqual({ method: 'x509', data: null });
    expect(client.channel('PV').info?.tls?.method).toBe('x509');
  });

  it('that does not offer x509 is told the name as by plain TCP', async () => {
    await beginTls({ tls: { keychain: certified } });
    server.methods = ['anonymous', 'ca'];
    await soon(client.channel('PV').get());
    expect(server.connection.validation?.method).toBe('ca');
  });

  it('is asked for nothing where the client has no keychain', async () => {
    server.tls = { port: 5443, secure: () => peer };
    server.start();
    await soon(client.channel('PV').get());
    expect(server.datagrams[0]?.protocols).toEqual(['tcp']);
    expect(client.channel('PV').info).toMatchObject({ host: '10.0.0.1:5075', tls: null });
  });

  it('that was restarted is connected to again, and its monitors go on', async () => {
    await beginTls();
    const channel = client.channel('PV');
    const seen: unknown[] = [];
    channel.monitor({}, ({ value }) => seen.push(value));
    await soon(channel.get());
    server.stop();
    await network.clock.advance(100);
    expect(channel.state).toBe('disconnected');
    server.restart();
    await network.clock.advance(5000);
    expect([channel.state, channel.info?.tls?.peer]).toEqual(['connected', 'ioc']);
    expect(network.connections).toEqual(['10.0.0.1:5443', '10.0.0.1:5443']);
  });
});

describe('without TLS', () => {
  it('a server that offers none is talked with by plain TCP, never with x509', async () => {
    await beginTls({ tls: { keychain: certified } });
    server.tls = null;
    await soon(client.channel('PV').get());
    expect(client.channel('PV').info).toMatchObject({ host: '10.0.0.1:5075', tls: null });
    expect(server.connection.validation?.method).toBe('ca');
    expect(warnings).toEqual([]);
  });

  it('unless it is required: then the error says so, once the time is up', async () => {
    await beginTls({ tls: { keychain: trusting, required: true } });
    server.tls = null;
    const channel = client.channel('PV');
    const reason = '"PV" was found, but 10.0.0.1:5075 offers no TLS, which this client requires: give that server a keychain (EPICS_PVAS_TLS_KEYCHAIN), or do not require it (tls.required).';
    await expect(soon(channel.get({ timeout: 1.5 }))).rejects.toMatchObject({ name: 'TlsError', code: 'TLS_FAILED', pv: 'PV', message: reason });
    expect(network.connections).toEqual([]);
    expect(warnings).toEqual([{ code: 'TLS_FAILED', message: reason, pv: 'PV', host: '10.0.0.1:5075' }]);
    server.tls = { port: 5443, secure: () => peer };
    server.start();
    expect((await inTheEnd(channel.get({ timeout: 60 }))).value).toBe(1.5);
  });
});

describe('a handshake that fails', () => {
  const reason = 'its certificate "ioc" expired';
  it('is told, and nothing goes by plain TCP, whatever that server then says', async () => {
    await beginTls({}, () => reason);
    const events: DiagnosticEvent[] = [];
    client.onDiagnostic((event) => events.push(event));
    const channel = client.channel('PV');
    await expect(soon(channel.get({ timeout: 1 }))).rejects.toMatchObject({ code: 'TLS_FAILED', message: `"PV" was found, but 10.0.0.1:5443 cannot be reached by TLS: ${reason}.` });
    expect(warnings[0]).toMatchObject({ code: 'TLS_FAILED', message: `10.0.0.1:5443 answered a search but cannot be reached by TLS: ${reason}.` });
    expect(events).toContainEqual({ protocol: 'pva', kind: 'circuit', server: '10.0.0.1:5443', state: 'closed', reason, insecure: true });
    server.tls = null;
    await expect(soon(channel.get({ timeout: 1.5 }))).rejects.toMatchObject({ code: 'TLS_FAILED' });
    expect(new Set(network.connections)).toEqual(new Set(['10.0.0.1:5443']));
    // Another process without TLS is another server.
    server.restart();
    expect((await inTheEnd(channel.get({ timeout: 60 }))).value).toBe(1.5);
    expect(channel.info?.tls).toBe(null);
  });

  it('is not forgotten for what another server says: nothing goes by plain TCP', async () => {
    await beginTls({ nameServers: ['10.0.0.1'] }, () => reason);
    const channel = client.channel('PV');
    await expect(soon(channel.get({ timeout: 1 }))).rejects.toMatchObject({ code: 'TLS_FAILED' });
    server.tls = null;
    const { guid } = server;
    server.onTcpSearch = (connection, search) => {
      server.guid = '000000000000000000000099';
      connection.end.send(server.searchResponse(search.channels.map(({ id }) => id), null, 0, 'tls'));
      server.guid = guid;
    };
    await network.clock.advance(60_000);
    expect(warnings.at(-1)?.message).toContain('offers TLS and does not say where');
    expect([channel.state, server.connection.created]).toEqual(['never', []]);
  });

  it('is tried again: a server whose certificate was replaced is connected to', async () => {
    let answer: typeof peer | string = reason;
    await beginTls({}, () => answer);
    const channel = client.channel('PV');
    await expect(soon(channel.get({ timeout: 1 }))).rejects.toMatchObject({ code: 'TLS_FAILED' });
    answer = peer;
    expect((await inTheEnd(channel.get({ timeout: 60 }))).value).toBe(1.5);
    expect(channel.info?.tls?.peer).toBe('ioc');
    await expect(soon(client.channel('NOBODY').get({ timeout: 1 }))).rejects.toMatchObject({ code: 'TIMEOUT' });
  });

  it('because the port is closed is no matter of TLS', async () => {
    await beginTls();
    network.serveTcp('10.0.0.1:5443', null);
    await expect(soon(client.channel('PV').get({ timeout: 1 }))).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(warnings[0]).toMatchObject({ code: 'CIRCUIT_REFUSED', message: '10.0.0.1:5443 answered a search but cannot be reached over TCP: connection refused.' });
  });
});

describe('a name server', () => {
  it('by TLS is asked for names there, and is the server of its own', async () => {
    await beginTls({ addressList: [], nameServers: ['pvas://10.0.0.1:5443'] });
    server.onTcpSearch = (connection, search) => connection.end.send(server.searchResponse(search.channels.map(({ id }) => id), null, 0, 'tls'));
    expect((await soon(client.channel('PV').get())).value).toBe(1.5);
    expect(server.connection.searches[0]?.protocols).toEqual(['tls', 'tcp']);
    expect(network.connections).toEqual(['10.0.0.1:5443']);
    expect(client.channel('PV').info?.tls).toMatchObject({ peer: 'ioc' });
  });

  it('by plain TCP may name the port for TLS', async () => {
    await beginTls({ addressList: [], nameServers: ['10.0.0.1'] });
    server.onTcpSearch = (connection, search) => connection.end.send(server.searchResponse(search.channels.map(({ id }) => id), null, 5443, 'tls'));
    expect((await soon(client.channel('PV').get())).value).toBe(1.5);
    expect(network.connections).toEqual(['10.0.0.1:5075', '10.0.0.1:5443']);
  });

  it('that is lost to a client which is closed then is not connected to again', async () => {
    await beginTls({ tls: false, addressList: [], nameServers: ['10.0.0.1'] });
    server.onTcpSearch = (connection, search) => connection.end.send(server.searchResponse(search.channels.map(({ id }) => id), null, 0, 'tcp'));
    const channel = client.channel('PV');
    await soon(channel.get());
    channel.onState(() => { void client.close(); });
    server.connection.end.drop();
    await network.clock.advance(10_000);
    expect([channel.state, network.connections]).toEqual(['closed', ['10.0.0.1:5075']]);
  });

  it('that cannot be reached by TLS says why', async () => {
    await beginTls({ addressList: [], nameServers: ['pvas://10.0.0.1:5443'] }, () => 'no way');
    await network.clock.advance(100);
    expect(warnings).toEqual([{ code: 'NAME_SERVER', message: 'The name server pvas://10.0.0.1:5443 cannot be reached: no way. It is tried again.', host: '10.0.0.1:5443' }]);
  });
});

it('a keychain that cannot be used is told at once', () => {
  expect(() => begin('little', { tls: { keychain: '/nowhere.p12' } })).toThrow(expect.objectContaining({ code: 'BAD_KEYCHAIN' }));
});

// Our client and our server by TLS over real sockets, on loopback, with certificates that are made for the test.
import { connect as connectPlainly } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PortInUseError } from '../../ca/server';
import type { DiagnosticEvent } from '../../diagnostics';
import { TestCertificates } from '../../tls/certificates.testing';
import type { Issued } from '../../tls/certificates.testing';
import { PvaClient } from '../client';
import type { PvaClientOptions } from '../clientOptions';
import { PvaServer, type PvaServerOptions } from './pvaServer';
import type { PvaServerTlsOptions } from './serverTls';
import { messageOf, serveByTls, trouble } from './tls.testing';
import type { Served } from './tls.testing';

let certificates: TestCertificates;
let [root, other]: Issued[] = [];
const keychains: Record<string, string> = {};
beforeAll(() => {
  certificates = new TestCertificates();
  [root, other] = [certificates.authority('EPICS root'), certificates.authority('Other root')] as [Issued, Issued];
  const between = certificates.issue('Beamline authority', root, { authority: true, usage: '' });
  const old = certificates.authority('Old root', { days: [-3, -1] });
  Object.assign(keychains, {
    server: certificates.keychain(certificates.issue('ioc', between), [root, between], { password: 'secret' }),
    trusting: certificates.keychain(null, [root]),
    fred: certificates.keychain(certificates.issue('Fred F.', root), [root]),
    stranger: certificates.keychain(certificates.issue('Fred F.', other), [root]),
    trustingOther: certificates.keychain(null, [other]),
    oldServer: certificates.keychain(certificates.issue('ioc', old), [old]),
    trustingOld: certificates.keychain(null, [old]),
  });
});
afterAll(() => certificates.dispose());

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(tls: PvaServerTlsOptions = {}, options: PvaServerOptions = {}): Promise<Served> {
  const served = await serveByTls({ keychain: keychains['server'] as string, ...tls }, options);
  closers.push(() => served.server.close());
  return served;
}

function dial(server: { readonly udpPort: number }, tls: PvaClientOptions['tls'], more: PvaClientOptions = {}): PvaClient {
  const client = new PvaClient({ environment: {}, autoAddressList: false, addressList: [`127.0.0.1:${server.udpPort}`], userName: 'ada', ...(tls === undefined ? {} : { tls }), ...more });
  closers.push(() => client.close());
  return client;
}
const keychain = (name: string): { keychain: string } => ({ keychain: keychains[name] as string });

describe('a connection', () => {
  it('is secured, and both sides know of whom', async () => {
    const { server, seen } = await serve();
    const client = dial(server, keychain('fred'));
    const events: DiagnosticEvent[] = [];
    client.onDiagnostic((event) => events.push(event));
    const channel = client.channel('A');
    expect((await channel.get()).value).toBe(4.5);
    const tls = { peer: 'ioc', authority: 'EPICS root', method: 'x509' };
    expect(channel.info).toMatchObject({ host: `127.0.0.1:${server.tlsPort}`, tls });
    expect(events).toContainEqual(expect.objectContaining({ kind: 'circuit', state: 'open', tls }));
    await channel.put(7, { wait: true });
    expect((await channel.get()).value).toBe(7);
    expect(seen).toEqual([{ user: 'Fred F.', identity: { method: 'x509', authority: 'EPICS root', secured: true } }]);
  });

  it('of a client without a certificate is secured too, and proves nothing of it', async () => {
    const { server } = await serve();
    const channel = dial(server, keychain('trusting')).channel('A');
    expect((await channel.get()).value).toBe(4.5);
    expect(channel.info?.tls).toEqual({ peer: 'ioc', authority: 'EPICS root', method: 'ca' });
    expect(await messageOf(channel.put(1, { wait: true }))).toContain('A may not be written by ada');
  });

  it('carries a million numbers both ways, and a monitor of many', async () => {
    const { server } = await serve();
    const wave = server.add('W', { type: 'DOUBLE', count: 1_000_000, initial: new Float64Array(1), onWrite: ({ value }) => wave.update({ value }) });
    const channel = dial(server, keychain('fred')).channel('W');
    const sent = Float64Array.from({ length: 1_000_000 }, (_, i) => i / 3);
    await channel.put(sent, { wait: true, timeout: 15 });
    expect(Buffer.compare(Buffer.from(((await channel.get({ timeout: 15 })).value as Float64Array).slice().buffer), Buffer.from(sent.buffer))).toBe(0);
    const counter = server.add('N', { type: 'LONG', initial: 0 });
    const seen: number[] = [];
    const done = new Promise<void>((resolve) => {
      dial(server, keychain('fred')).channel('N').monitor({}, ({ value }) => {
        seen.push(value as number);
        if (value === 1000) resolve();
        else if (value === 0) for (let i = 1; i <= 1000; i += 1) counter.update({ value: i });
      });
    });
    await done;
    expect(seen.at(-1)).toBe(1000);
  });

  it('comes back after the server was restarted', async () => {
    const { server } = await serve();
    const { tcpPort, tlsPort, udpPort } = server;
    const channel = dial(server, keychain('fred')).channel('A');
    await channel.get();
    const states: string[] = [];
    const back = new Promise<void>((resolve) => {
      channel.onState((state) => {
        states.push(state);
        if (state === 'connected') resolve();
      });
    });
    await server.close();
    await serve({ port: tlsPort }, { port: tcpPort, udpPort });
    await back;
    expect(states).toEqual(['disconnected', 'connected']);
    expect(channel.info).toMatchObject({ host: `127.0.0.1:${tlsPort}`, tls: { peer: 'ioc', method: 'x509' } });
    expect((await channel.get()).value).toBe(4.5);
  });

  it('through a name server is secured with pvas://, and by its answer with plain TCP', async () => {
    const { server } = await serve();
    for (const nameServer of [`pvas://127.0.0.1:${server.tlsPort}`, `127.0.0.1:${server.tcpPort}`]) {
      const channel = dial(server, keychain('fred'), { addressList: [], nameServers: [nameServer] }).channel('A');
      expect((await channel.get()).value).toBe(4.5);
      expect(channel.info).toMatchObject({ host: `127.0.0.1:${server.tlsPort}`, tls: { peer: 'ioc' } });
    }
  });

  it('is plain TCP for a client without TLS, and with a server without TLS', async () => {
    const { server } = await serve();
    const channel = dial(server, undefined).channel('A');
    expect([(await channel.get()).value, channel.info?.tls, channel.info?.host]).toEqual([4.5, null, `127.0.0.1:${server.tcpPort}`]);
    const plain = new PvaServer({ environment: { EPICS_PVAS_TLS_KEYCHAIN: keychains['server'] }, tls: false });
    plain.add('B', { type: 'LONG', initial: 3 });
    await plain.listen();
    closers.push(() => plain.close());
    expect(plain.tlsPort).toBe(0);
    const unsecured = dial(plain, keychain('fred')).channel('B');
    expect([(await unsecured.get()).value, unsecured.info?.tls]).toEqual([3, null]);
    expect(await trouble(dial(plain, { ...keychain('fred'), required: true }), 'B')).toMatch(/^TLS_FAILED "B" was found, but .* offers no TLS, which this client requires/);
  });
});

describe('a server that is not trusted', () => {
  it('is named with its authority, and not read by plain TCP', async () => {
    const { server } = await serve();
    const client = dial(server, keychain('trustingOther'));
    const warnings: string[] = [];
    client.onWarning(({ code, message }) => warnings.push(`${code} ${message}`));
    const said = await trouble(client, 'A');
    const path = keychains['trustingOther'];
    expect(said).toBe(`TLS_FAILED "A" was found, but 127.0.0.1:${server.tlsPort} cannot be reached by TLS: its certificate "ioc" comes from the authority "EPICS root", `
      + `which the keychain ${path} does not hold: put that authority's certificate into it, or use another keychain.`);
    expect(warnings[0]).toContain(`TLS_FAILED 127.0.0.1:${server.tlsPort} answered a search but cannot be reached by TLS`);
  });

  it('because its authority expired says so', async () => {
    const { server } = await serve(keychain('oldServer'));
    expect(await trouble(dial(server, keychain('trustingOld')), 'A')).toMatch(/by TLS: the authority "Old root" of its certificate "ioc" expired on .*: a new one is needed\./);
  });

  it('because it is no TLS at all, no TLS 1.3, or another protocol by TLS', async () => {
    const { server } = await serve();
    const { key, cert } = certificates.pem(certificates.issue('web', root as Issued));
    const said: string[] = [];
    const plain = new PvaServer({ environment: {}, tls: false });
    await plain.listen();
    closers.push(() => plain.close());
    const older = createServer({ key, cert, maxVersion: 'TLSv1.2' });
    await new Promise<void>((resolve) => { older.listen(0, '127.0.0.1', resolve); });
    closers.push(() => new Promise((resolve) => { older.close(resolve); }));
    for (const port of [plain.tcpPort, (older.address() as { port: number }).port]) {
      const client = dial(server, keychain('fred'), { addressList: [], nameServers: [`pvas://127.0.0.1:${port}`] });
      said.push(await new Promise((resolve) => { client.onWarning(({ message }) => resolve(message)); }));
    }
    expect(said[0]).toContain('cannot be reached: what answers there does not speak TLS. It is tried again.');
    expect(said[1]).toContain('cannot be reached: the other side has no TLS 1.3');
  });
});

describe('a client', () => {
  it('without a certificate is told that one is wanted', async () => {
    const { server, refused } = await serve({ clientCertificate: 'require' });
    const said = await trouble(dial(server, keychain('trusting')), 'A');
    expect(said).toMatch(/^TLS_FAILED .*: the other side wants a certificate, and the keychain .* has none that it takes: use one with a certificate for a client\.$/);
    expect(refused.length).toBeGreaterThan(0);
    expect((await dial(server, keychain('fred')).channel('A').get()).value).toBe(4.5);
  });

  it.each(['optional', 'require'] as const)('with the certificate of another authority is turned away (%s)', async (clientCertificate) => {
    const { server, refused } = await serve({ clientCertificate });
    const said = await trouble(dial(server, keychain('stranger')), 'A');
    expect(said).toMatch(/^TLS_FAILED "A" was found, but .* perhaps it does not trust the certificate "Fred F\." of the keychain /);
    expect(refused[0]).toContain(clientCertificate === 'optional' ? 'its certificate "Fred F." comes from the authority "Other root", which' : 'its certificate comes from an authority which');
  });

  it('that says nothing, or what is no TLS, keeps nobody waiting', async () => {
    const { server, refused } = await serve();
    const silent = connectPlainly(server.tlsPort, '127.0.0.1');
    const loud = connectPlainly(server.tlsPort, '127.0.0.1');
    for (const socket of [silent, loud]) {
      closers.push(() => socket.destroy());
      socket.on('error', () => undefined);
    }
    const ended = new Promise((resolve) => { loud.once('close', resolve); });
    loud.write('GET / HTTP/1.1\r\n\r\n');
    await ended;
    expect(refused).toEqual(['what answers there does not speak TLS']);
    expect((await dial(server, keychain('fred')).channel('A').get()).value).toBe(4.5);
  });
});

describe('the server', () => {
  it('takes its settings from the variables, and says what is wrong with them', async () => {
    const environment = { EPICS_PVAS_TLS_KEYCHAIN: keychains['server'], EPICS_PVAS_TLS_OPTIONS: 'on_expiration=standby client_cert=require' };
    const server = new PvaServer({ environment });
    server.add('A', { type: 'LONG', initial: 1 });
    await server.listen();
    closers.push(() => server.close());
    expect((await dial(server, keychain('fred')).channel('A').get()).value).toBe(1);
    expect(await trouble(dial(server, keychain('trusting')), 'A')).toContain('wants a certificate');
    // A port that another program has: any will do, as it is a wish of the variables.
    const second = new PvaServer({ environment: { ...environment, EPICS_PVAS_TLS_PORT: String(server.tlsPort) } });
    await second.listen();
    closers.push(() => second.close());
    expect(second.tlsPort).not.toBe(server.tlsPort);
    await expect(new PvaServer({ environment, tls: { port: server.tlsPort } }).listen()).rejects.toThrow(PortInUseError);
    await expect(new PvaServer({ environment: { ...environment, EPICS_PVAS_TLS_OPTIONS: 'client_cert=required' } }).listen()).rejects.toMatchObject({ code: 'BAD_OPTION' });
    await expect(new PvaServer({ environment: { ...environment, EPICS_PVAS_TLS_PORT: 'x' } }).listen()).rejects.toMatchObject({ code: 'BAD_OPTION', message: 'EPICS_PVAS_TLS_PORT is "x": it must be a port, 0 to 65535.' });
    await expect(new PvaServer({ environment, tls: { port: 70_000 } }).listen()).rejects.toMatchObject({ code: 'BAD_OPTION', message: 'The option tls.port is 70000: it must be a port, 0 to 65535.' });
    await expect(new PvaServer({ environment: {}, tls: {} }).listen()).rejects.toMatchObject({ code: 'BAD_OPTION' });
    await expect(new PvaServer({ environment, tls: { keychain: keychains['trusting'] as string } }).listen()).rejects.toMatchObject({ code: 'BAD_KEYCHAIN' });
    await expect(new PvaServer({ environment, tls: { password: 'wrong' } }).listen()).rejects.toMatchObject({ code: 'BAD_KEYCHAIN' });
  });

  it('speaks TLS 1.3 with anybody of the protocol, and with nobody that names another', async () => {
    const { server } = await serve();
    const shake = (ALPNProtocols: string[] | undefined, maxVersion: 'TLSv1.2' | 'TLSv1.3' = 'TLSv1.3'): Promise<string> => new Promise((resolve) => {
      const { cert: ca } = certificates.pem(root as Issued);
      const socket: TLSSocket = connect({ host: '127.0.0.1', port: server.tlsPort, ca, maxVersion, checkServerIdentity: () => undefined, ...(ALPNProtocols ? { ALPNProtocols } : {}) });
      closers.push(() => socket.destroy());
      socket.once('secureConnect', () => resolve(`${socket.getProtocol() ?? ''} ${String(socket.alpnProtocol)}`));
      socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? ''));
    });
    expect(await shake(['pva/1'])).toBe('TLSv1.3 pva/1');
    expect(await shake(undefined)).toBe('TLSv1.3 false');
    expect(await shake(undefined, 'TLSv1.2')).toContain('PROTOCOL_VERSION');
  });

  it('closes with clients on it, and leaves nothing', async () => {
    const { server } = await serve();
    await Promise.all(['fred', 'trusting'].map((name) => dial(server, keychain(name)).channel('A').get()));
    await server.close();
    expect([server.tlsPort, server.tcpPort]).toEqual([0, 0]);
  });
});

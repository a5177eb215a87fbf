// pvAccess by TLS with core-pva (Phoebus, Java), both ways: who is trusted, who is known by name, and what is said where it fails.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PvaClient } from 'epics-ioc-connection';
import type { ChannelState, PvaServer, PvaServerTlsOptions, PvaTlsOptions } from 'epics-ioc-connection';
import { serveByTls, trouble } from '../../electron/epics-ioc-connection/src/pva/server/tls.testing';
import type { Served } from '../../electron/epics-ioc-connection/src/pva/server/tls.testing';
import { TestCertificates } from '../../electron/epics-ioc-connection/src/tls/certificates.testing';
import { pvaEnvironment } from '../ioc/softIoc';
import { corePvaCommand, corePvaEnvironment } from './corePva';
import type { PeerServer } from './interop/ourClient';
import { corePvaServer } from './interop/peerServers';

const run = promisify(execFile);
const patience = { timeout: 20 };
const certificates = new TestCertificates();
const keychains = makeKeychains();
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(() => certificates.dispose());

/** By OpenSSL with an authority; by Java's keytool, as core-pva's own guide says. Java takes a trusted certificate only as its keytool writes one. */
function makeKeychains() {
  const [root, other] = [certificates.authority('EPICS root'), certificates.authority('Other root')];
  const between = certificates.issue('Beamline authority', root, { authority: true, usage: '' });
  const file = (name: string): string => join(certificates.folder, name);
  const keytool = (...args: readonly string[]): void => { execFileSync('keytool', [...args, '-storepass', 'changeit'], { stdio: ['ignore', 'ignore', 'pipe'] }); };
  const trust = (keystore: string, { certificate }: { certificate: string }): string => {
    keytool('-importcert', '-alias', 'trusted', '-file', certificate, '-keystore', keystore, '-noprompt');
    return `${keystore};changeit`;
  };
  const [stranger = ''] = certificates.keychain(certificates.issue('Fred F.', other), [], { password: 'changeit' }).split(';');
  keytool('-genkeypair', '-alias', 'mykey', '-dname', 'CN=java server', '-keystore', file('KEYSTORE'), '-keyalg', 'RSA');
  keytool('-exportcert', '-alias', 'mykey', '-keystore', file('KEYSTORE'), '-rfc', '-file', file('mykey.cer'));
  return {
    ioc: certificates.keychain(certificates.issue('ioc', between), [root, between], { password: 'secret' }),
    fred: certificates.keychain(certificates.issue('Fred F.', root), [root], { password: 'secret' }),
    trusting: trust(file('trusting.p12'), root), trustingOther: trust(file('trustingOther.p12'), other), stranger: trust(stranger, root),
    javaServer: `${file('KEYSTORE')};changeit`, javaClient: trust(file('TRUSTSTORE'), { certificate: file('mykey.cer') }),
  };
}

async function until(condition: () => boolean, what: string | (() => string), seconds = 20): Promise<void> {
  for (const end = Date.now() + seconds * 1000; !condition();) {
    if (Date.now() > end) throw new Error(`Not within ${seconds} s: ${typeof what === 'string' ? what : what()}`);
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
}

describe('our client on a core-pva server', () => {
  let server: PeerServer;
  beforeAll(async () => { server = await corePvaServer({ server: keychains.ioc, client: keychains.fred }); });
  afterAll(() => server.kill());
  const dial = (tls: PvaTlsOptions, { environment }: PeerServer = server): PvaClient => {
    const client = new PvaClient({ environment, tls });
    closers.push(() => client.close());
    return client;
  };
  /** Until the server knows this client alone, and as such. */
  const knownAs = async (client: PvaClient, who: RegExp): Promise<void> => {
    let seen = '';
    client.channel('T:clients').monitor({}, ({ value }) => { seen = value as string; });
    await until(() => who.test(seen), () => `the server knows ${String(who)}, and not "${seen}"`);
  };

  it('is secured, and known by the name on the certificate', async () => {
    const client = dial({ keychain: keychains.fred, required: true });
    const channel = client.channel('T:double');
    expect((await channel.get(patience)).value).toBe(1.5);
    expect(channel.info?.tls).toEqual({ peer: 'ioc', authority: 'EPICS root', method: 'x509' });
    await channel.put(2.5, { wait: true, ...patience });
    expect((await channel.get(patience)).value).toBe(2.5);
    await channel.put(1.5, { wait: true, ...patience });
    await knownAs(client, /^x509:Fred F\.$/);
  });

  it('without a certificate is secured, and known by its own word', async () => {
    const client = dial({ keychain: keychains.trusting });
    await client.channel('T:double').get(patience);
    expect(client.channel('T:double').info?.tls).toEqual({ peer: 'ioc', authority: 'EPICS root', method: 'ca' });
    await knownAs(client, /^ca:\S+$/);
  });

  it('by plain TCP, where it has no keychain', async () => {
    const { EPICS_PVA_TLS_KEYCHAIN: _keychain, ...environment } = server.environment;
    const client = new PvaClient({ environment });
    closers.push(() => client.close());
    await client.channel('T:double').get(patience);
    expect(client.channel('T:double').info?.tls).toBe(null);
  });

  it('of another authority is not talked with, and the error says why', async () => {
    const said = await trouble(dial({ keychain: keychains.trustingOther }), 'T:double');
    expect(said).toContain(`its certificate "ioc" comes from the authority "EPICS root", which the keychain ${keychains.trustingOther.split(';')[0]} does not hold`);
    expect(said).toMatch(/^TLS_FAILED "T:double" was found, but 127\.0\.0\.1:\d+ cannot be reached by TLS/);
  });

  it('with a certificate that the server does not trust is told so', async () => {
    const said = await trouble(dial({ keychain: keychains.stranger }), 'T:double');
    expect(said).toMatch(/^TLS_FAILED .* does not trust the certificate/);
  });

  it('comes back with its monitors after the server was killed and started again', async () => {
    const channel = dial({ keychain: keychains.fred }).channel('T:counter');
    const [states, seen]: [ChannelState[], number[]] = [[], []];
    channel.monitor({}, ({ value }) => seen.push(value as number));
    await until(() => seen.length > 2, 'updates');
    channel.onState((state) => states.push(state));
    await server.kill();
    await until(() => !channel.connected, 'the loss');
    const before = seen.length;
    await server.start();
    await until(() => seen.length > before + 2, 'updates again', 40);
    expect(states).toEqual(['disconnected', 'connected']);
    expect(channel.info?.tls).toEqual({ peer: 'ioc', authority: 'EPICS root', method: 'x509' });
  });

  it('through the server itself as a name server by TLS; by plain TCP core-pva names no port for TLS, and so it is not followed', async () => {
    const found = dial({ keychain: keychains.fred }).channel('T:double');
    const { host } = await found.whenConnected(patience);
    const through = (nameServer: string): PvaClient => {
      const client = new PvaClient({ environment: {}, addressList: [], autoAddressList: false, nameServers: [nameServer], tls: { keychain: keychains.fred } });
      closers.push(() => client.close());
      return client;
    };
    const channel = through(`pvas://${host}`).channel('T:double');
    expect((await channel.get(patience)).value).toBe(1.5);
    expect(channel.info).toMatchObject({ host, tls: { peer: 'ioc', method: 'x509' } });
    expect(await trouble(through(`127.0.0.1:${server.environment['EPICS_PVA_SERVER_PORT']}`), 'T:double')).toContain('offers TLS and does not say where: name it as a name server with pvas://, or search by UDP');
  });

  it('that wants certificates is told who has none', async () => {
    const strict = await corePvaServer({ server: keychains.ioc, client: keychains.fred }, { EPICS_PVAS_TLS_OPTIONS: 'client_cert=require' });
    closers.push(() => strict.kill());
    expect((await dial({ keychain: keychains.fred }, strict).channel('T:double').get(patience)).value).toBe(1.5);
    expect(await trouble(dial({ keychain: keychains.trusting }, strict), 'T:double')).toMatch(/^TLS_FAILED .*(wants a certificate|does not trust the certificate)/);
  });

  it('with keychains of Java, of one certificate that vouches for itself', async () => {
    const java = await corePvaServer({ server: keychains.javaServer, client: keychains.javaClient });
    closers.push(() => java.kill());
    const channel = dial({ keychain: keychains.javaClient, required: true }, java).channel('T:double');
    expect((await channel.get(patience)).value).toBe(1.5);
    expect(channel.info?.tls).toEqual({ peer: 'java server', authority: 'java server', method: 'ca' });
  });
});

describe('a core-pva client on our server', () => {
  async function serve(tls: PvaServerTlsOptions): Promise<Served> {
    const served = await serveByTls(tls);
    closers.push(() => served.server.close());
    return served;
  }
  const environmentOf = (server: PvaServer, keychain: string): Record<string, string> =>
    ({ ...pvaEnvironment({ tcp: server.tcpPort, udp: server.udpPort }), ...corePvaEnvironment({ client: keychain }) });
  async function ask(server: PvaServer, keychain: string, ...args: readonly string[]): Promise<unknown> {
    const [program, ...command] = await corePvaCommand('TlsClient', 'A', ...args);
    const { stdout } = await run(program, command, { env: { ...process.env, ...environmentOf(server, keychain) } });
    return JSON.parse(stdout.slice(stdout.indexOf('{'))) as unknown;
  }

  /** Until our server has turned it away; it must not have got anything. */
  async function turnedAway({ server, refused }: Served, keychain: string): Promise<string> {
    const [program, ...command] = await corePvaCommand('TlsClient', 'A', '60');
    const child = spawn(program, command, { env: { ...process.env, ...environmentOf(server, keychain) }, stdio: ['ignore', 'pipe', 'ignore'] });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const ended = new Promise((resolve) => { child.once('close', resolve); });
    try {
      await until(() => refused.length > 0, 'a refusal');
    } finally {
      child.kill('SIGKILL');
      await ended;
    }
    expect(said).not.toContain('found');
    return refused.splice(0)[0] as string;
  }

  it('is secured, known by the name on its certificate, and may what that name may', async () => {
    const { server, seen } = await serve({ keychain: keychains.ioc });
    expect(await ask(server, keychains.fred, '20', '7')).toEqual({ found: true, value: 7, tls: true, server: 'ioc', client: 'Fred F.', written: true });
    expect(seen).toEqual([{ user: 'Fred F.', identity: { method: 'x509', authority: 'EPICS root', secured: true } }]);
  });

  it('finds it through our server as a name server by TLS', async () => {
    const { server } = await serve({ keychain: keychains.ioc });
    const [program, ...command] = await corePvaCommand('TlsClient', 'A', '20');
    const environment = { ...environmentOf(server, keychains.fred), EPICS_PVA_ADDR_LIST: '', EPICS_PVA_NAME_SERVERS: `pvas://127.0.0.1:${server.tlsPort}` };
    const { stdout } = await run(program, command, { env: { ...process.env, ...environment } });
    expect(JSON.parse(stdout.slice(stdout.indexOf('{')))).toMatchObject({ found: true, tls: true, server: 'ioc', client: 'Fred F.' });
  });

  it('without a certificate is secured, and may not what only a proved name may', async () => {
    const { server, seen } = await serve({ keychain: keychains.ioc });
    expect(await ask(server, keychains.trusting, '20', '7')).toEqual({ found: true, value: 4.5, tls: true, server: 'ioc', client: null, written: false });
    expect(seen).toEqual([]);
  });

  it('by plain TCP, where it has no keychain', async () => {
    const { server } = await serve({ keychain: keychains.ioc });
    expect(await ask(server, '', '20')).toEqual({ found: true, value: 4.5, tls: false, server: null, client: null, written: null });
  });

  it('that trusts another authority is not served, and our server is told why', async () => {
    expect(await turnedAway(await serve({ keychain: keychains.ioc }), keychains.trustingOther)).toMatch(/does not trust the certificate of the keychain/);
  });

  it('keeps a certificate of an authority that our server does not trust to itself: it proves nothing', async () => {
    const { server, seen } = await serve({ keychain: keychains.ioc });
    expect(await ask(server, keychains.stranger, '20', '7')).toEqual({ found: true, value: 4.5, tls: true, server: 'ioc', client: null, written: false });
    expect(seen).toEqual([]);
  });

  it('needs a certificate where one is wanted', async () => {
    const served = await serve({ keychain: keychains.ioc, clientCertificate: 'require' });
    for (const without of [keychains.trusting, keychains.stranger]) expect(await turnedAway(served, without)).toBe('it showed no certificate, and one is required');
    expect(await ask(served.server, keychains.fred, '20')).toMatchObject({ found: true, client: 'Fred F.' });
  });

  it('with keychains of Java, of one certificate that vouches for itself', async () => {
    const { server } = await serve({ keychain: keychains.javaServer });
    expect(await ask(server, keychains.javaClient, '20')).toMatchObject({ found: true, tls: true, server: 'java server', client: null });
  });
});

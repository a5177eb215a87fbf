// Which answers a client follows, and what its settings for TLS are.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCertificates } from '../tls/certificates.testing';
import { readPvaSettings } from './clientOptions';
import type { PvaClientOptions } from './clientOptions';
import { ClientSecurity } from './clientSecurity';
import type { Obstacle } from './clientSecurity';

const self = { userName: 'ada', hostName: 'desk' };
const settings = (options: PvaClientOptions): ReturnType<typeof readPvaSettings> => readPvaSettings(options, self);
const answer = (protocol: string, guid = 'a'): Parameters<ClientSecurity['route']>[0] => ({ guid, sequence: 1, address: null, port: 5075, protocol, found: true, channelIds: [1] });
const failed: Obstacle = { guid: 'a', reason: 'it failed.', tls: true };

describe('settings', () => {
  it('plain TCP alone without a keychain, or where TLS is not wanted', () => {
    for (const options of [{}, { environment: { EPICS_PVA_TLS_KEYCHAIN: ' ' } }, { tls: false as const, environment: { EPICS_PVA_TLS_KEYCHAIN: '/a.p12' } }]) {
      expect(settings(options)).toMatchObject({ tls: null, protocols: ['tcp'] });
    }
  });

  it('TLS before TCP with one, from the option before the variable', () => {
    const environment = { EPICS_PVA_TLS_KEYCHAIN: '/a.p12;secret' };
    expect(settings({ environment })).toMatchObject({ tls: { keychain: '/a.p12;secret', required: false }, protocols: ['tls', 'tcp'] });
    expect(settings({ environment, tls: { keychain: '/b.p12', password: 'x', required: true } }).tls).toEqual({ keychain: '/b.p12', password: 'x', required: true });
    expect(settings({ environment, tls: { required: true } }).tls).toMatchObject({ keychain: '/a.p12;secret', required: true });
  });

  it('required without a keychain, and a name server by TLS without one, say what is missing', () => {
    expect(() => settings({ tls: { required: true } })).toThrow(expect.objectContaining({ code: 'BAD_OPTION', message: expect.stringContaining('set EPICS_PVA_TLS_KEYCHAIN') as string }));
    expect(() => settings({ nameServers: ['pvas://a'] })).toThrow(expect.objectContaining({ code: 'BAD_OPTION', message: expect.stringContaining('needs a keychain') as string }));
  });

  it('name servers by TLS have a port of their own', () => {
    const environment = { EPICS_PVA_TLS_KEYCHAIN: '/a.p12', EPICS_PVA_NAME_SERVERS: 'a b:1 pva://c pvas://d pvas://e:2/' };
    const found = (more: Record<string, string> = {}): unknown[] => settings({ environment: { ...environment, ...more } }).nameServers.map(({ host, port, secured }) => [host, port, secured]);
    expect(found()).toEqual([['a', 5075, false], ['b', 1, false], ['c', 5075, false], ['d', 5076, true], ['e', 2, true]]);
    expect(found({ EPICS_PVAS_TLS_PORT: '7000', EPICS_PVA_SERVER_PORT: '8000' })[3]).toEqual(['d', 7000, true]);
    expect(() => settings({ environment: { ...environment, EPICS_PVAS_TLS_PORT: 'x' } })).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
  });
});

describe('routes', () => {
  let certificates: TestCertificates;
  let keychain: string;
  beforeAll(() => {
    certificates = new TestCertificates();
    keychain = certificates.keychain(null, [certificates.authority('EPICS root')]);
  });
  afterAll(() => certificates.dispose());
  const security = (required = false): ClientSecurity => new ClientSecurity({ keychain, required }, Date.now());
  const plain = new ClientSecurity(null, 0);

  it('follow what is offered', () => {
    expect(plain.route(answer('tcp'), 's', null, null)).toEqual({ secured: false });
    expect(security().route(answer('tcp'), 's', null, null)).toEqual({ secured: false });
    expect(security().route(answer('tls'), 's', null, null)).toEqual({ secured: true });
    expect(security().certified).toBe(false);
  });

  it('ignore what was not asked for', () => {
    expect(plain.route(answer('tls'), 's', null, null)).toBe(null);
    expect(security().route(answer('quic'), 's', null, null)).toBe(null);
  });

  it('do not lead to plain TCP where TLS is required', () => {
    expect(security(true).route(answer('tls'), 's', null, null)).toEqual({ secured: true });
    expect(security(true).route(answer('tcp'), 's:1', null, null)).toEqual({ refused: expect.stringContaining('s:1 offers no TLS, which this client requires') as string });
    expect(security(true).route(answer('tcp'), 's:1', { secured: false }, null)).toMatchObject({ refused: expect.stringContaining('offers no TLS') as string });
  });

  it('do not lead to plain TCP of a server whose TLS failed, but to that of another', () => {
    expect(security().route(answer('tcp'), 's', null, failed)).toEqual({ refused: 'it failed.' });
    expect(security().route(answer('tls'), 's', null, failed)).toEqual({ secured: true });
    expect(security().route(answer('tcp', 'b'), 's', null, failed)).toEqual({ secured: false });
  });

  it('the very connection that an answer came by is what it is', () => {
    expect(security().route(answer('tls'), 's', { secured: true }, null)).toEqual({ secured: true });
    expect(security().route(answer('tcp'), 's', { secured: true }, null)).toEqual({ secured: true });
    expect(security().route(answer('tcp'), 's', { secured: false }, null)).toEqual({ secured: false });
    expect(security().route(answer('tls'), 's', { secured: false }, null)).toEqual({ refused: expect.stringContaining('does not say where') as string });
  });
});

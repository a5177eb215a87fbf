// Who talks with whom: our clients with other people's servers, our servers with other people's clients. Every cell is a real exchange.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCertificates } from '../../../electron/epics-ioc-connection/src/tls/certificates.testing';
import { peerPython } from '../../ioc/python';
import { corePvaCommand, corePvaEnvironment } from '../corePva';
import { acts, makeClient } from './ourClient';
import type { PeerServer } from './ourClient';
import { startOurServer } from './ourServer';
import type { OurServer } from './ourServer';
import { exchanges, Table } from './pairs';
import { runPeerClient } from './peerClient';
import type { Seen } from './peerClient';
import { caprotoServer, corePvaServer, p4pServer, softIocServer } from './peerServers';

const table = new Table();
const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const certificates = new TestCertificates();
const root = certificates.authority('EPICS root');
const keychains = { server: certificates.keychain(certificates.issue('ioc', root), [root]), client: certificates.keychain(certificates.issue('Fred F.', root), [root]) };
afterAll(() => certificates.dispose());

const servers = [
  ['our CA client, softIoc', 'ca', softIocServer], ['our CA client, caproto server', 'ca', caprotoServer],
  ['our pvAccess client, softIoc (QSRV)', 'pva', softIocServer], ['our pvAccess client, p4p server', 'pva', p4pServer],
  ['our pvAccess client, core-pva server', 'pva', () => corePvaServer()], ['our pvAccess client, core-pva server, TLS', 'pva', () => corePvaServer(keychains)],
] as const;

describe.each(servers)('%s', (row, protocol, start) => {
  table.add(row);
  let server: PeerServer;
  let client: ReturnType<typeof makeClient>;
  beforeAll(async () => {
    server = await start();
    client = makeClient(protocol, server.environment);
  });
  afterAll(async () => {
    await client.close();
    await server.kill();
  });
  it.each(exchanges)('%s', async (exchange) => {
    await acts[exchange](client, server);
    table.worked(row, exchange);
  });
});

const clients = [
  ['pyepics, our CA server', () => [peerPython(), script('pyepics_client.py')]], ['caproto client, our CA server', () => [peerPython(), script('caproto_client.py')]],
  ['aioca, our CA server', () => [peerPython(), script('aioca_client.py')]], ['epics-tca, our CA server', () => [process.execPath, script('epicsTca.mjs')]],
  ['p4p, our pvAccess server', () => [peerPython(), script('p4p_client.py')]],
  ['core-pva client, our pvAccess server', () => corePvaCommand('InteropClient')], ['core-pva client, our pvAccess server, TLS', () => corePvaCommand('InteropClient')],
] as const;

/** What each client says that it saw. */
const expected: Readonly<Record<(typeof exchanges)[number], Seen>> = {
  get: { value: 1.5, recent: true }, put: { value: 2.5 }, 'put-callback': { before: 0, after: 1 }, monitor: { steps: [1], enough: true },
  enum: { states: ['Idle', 'Busy', 'Fault'], value: 2, text: 'Fault' }, string: { value: 'Röntgen 5 µm' }, array: { count: 500, equal: true },
  alarm: { severities: [2, 1, 0] }, reconnect: { lost: true, again: true },
};

describe.each(clients)('%s', (row, command) => {
  table.add(row);
  let server: OurServer;
  let seen: Map<string, Seen>;
  beforeAll(async () => {
    const tls = row.endsWith('TLS');
    server = await startOurServer(tls ? keychains.server : undefined);
    const [program = '', ...args] = await command();
    seen = await runPeerClient(program, args, { ...server.environment, ...corePvaEnvironment(tls ? { client: keychains.client } : {}) }, () => server.restart());
  });
  afterAll(() => server.stop());
  it.each(exchanges)('%s', (exchange) => {
    expect(seen.get(exchange) ?? seen.get('failure')).toEqual(expected[exchange]);
    table.worked(row, exchange);
  });
});

it('the table in the README is what was found', () => {
  // Written anew where it differs, for the next commit.
  expect(table.write()).toBe(table.markdown);
});

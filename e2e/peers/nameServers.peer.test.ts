// Names found over TCP alone, without a datagram: our clients by other servers, and other clients by ours (CA 14, EPICS_PVA_NAME_SERVERS).
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CaServer, Client, PvaServer, ServerGroup } from 'epics-ioc-connection';
import { peerPython } from '../ioc/python';
import { startSoftIoc, type SoftIoc } from '../ioc/softIoc';

const run = promisify(execFile);
const nobody = { EPICS_CA_ADDR_LIST: '', EPICS_CA_AUTO_ADDR_LIST: 'NO', EPICS_PVA_ADDR_LIST: '', EPICS_PVA_AUTO_ADDR_LIST: 'NO' };
let ioc: SoftIoc;
let ca: CaServer;
let pva: PvaServer;

beforeAll(async () => {
  ioc = await startSoftIoc({ pva: true });
  [ca, pva] = [new CaServer(), new PvaServer()];
  const servers = new ServerGroup([ca, pva]);
  const pv = servers.add('NAMED:X', { type: 'DOUBLE', initial: 4.5, onWrite: ({ value }) => pv.update({ value }) });
  await servers.listen();
});
afterAll(async () => {
  await Promise.all([ioc.kill(), ca.close(), pva.close()]);
});

it('CA 14: our clients by the softIoc, which knows its own names', async () => {
  await using client = new Client({
    environment: { ...nobody, EPICS_CA_REPEATER_PORT: ioc.environment['EPICS_CA_REPEATER_PORT'], EPICS_CA_NAME_SERVERS: `127.0.0.1:${ioc.port}`, EPICS_PVA_NAME_SERVERS: `127.0.0.1:${ioc.pvaPort}` }, timeout: 20,
  });
  expect((await client.channel('ca://E2E:ao').get()).value).toBe(1.5);
  expect((await client.channel('pva://E2E:ao').get()).value).toBe(1.5);
  expect([client.ca.statistics.datagramsSent, client.pva.statistics.datagramsSent]).toEqual([0, 0]);
});

it('libca and pvxs by our servers', async () => {
  const program = `
import json
import epics
from p4p.client.thread import Context
by_ca = epics.PV('NAMED:X', connection_timeout=20)
by_ca.wait_for_connection(20)
by_ca.put(5.5, wait=True, timeout=20)
context = Context('pva')
print(json.dumps([by_ca.get(timeout=20), float(context.get('NAMED:X', timeout=20))]))
context.close()
`;
  const environment = {
    ...nobody, EPICS_CA_REPEATER_PORT: ioc.environment['EPICS_CA_REPEATER_PORT'], EPICS_CA_NAME_SERVERS: `127.0.0.1:${ca.tcpPort}`, EPICS_PVA_NAME_SERVERS: `127.0.0.1:${pva.tcpPort}`,
  };
  const { stdout } = await run(peerPython(), ['-c', program], { env: { ...process.env, ...environment }, timeout: 90_000 });
  expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toEqual([5.5, 5.5]);
});

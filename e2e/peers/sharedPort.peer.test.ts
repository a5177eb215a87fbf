// Our pvAccess server and one of p4p (pvxs) on one search port of one machine: whichever of them a search is sent to, both are found.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { PvaClient, PvaServer } from 'epics-ioc-connection';
import { peerPython } from '../ioc/python';
import { startP4pServer } from './p4pServer';

const run = promisify(execFile);

async function ours(udpPort: number, name: string): Promise<PvaServer> {
  const server = new PvaServer({ udpPort });
  server.add(name, { type: 'DOUBLE', initial: 4.5 });
  await server.listen();
  return server;
}

it('p4p, then ours, then ours on every address: our client and p4p find the PVs of all', async () => {
  const p4p = await startP4pServer();
  const udpPort = Number(p4p.environment['EPICS_PVA_BROADCAST_PORT']);
  const servers = [await ours(udpPort, 'OURS:ONE')];
  const client = new PvaClient({ environment: p4p.environment });
  const values = async (names: readonly string[]): Promise<unknown[]> => Promise.all(names.map(async (name) => (await client.channel(name).get({ timeout: 20 })).value));
  try {
    expect(await values(['OURS:ONE', 'P4P:meta'])).toEqual([4.5, 2.5]);
    const elsewhere = new PvaServer({ host: '0.0.0.0', udpPort });
    elsewhere.add('OURS:TWO', { type: 'DOUBLE', initial: 5.5 });
    await elsewhere.listen();
    servers.push(elsewhere);
    expect(await values(['OURS:TWO', 'OURS:ONE', 'P4P:scalar:d'])).toEqual([5.5, 4.5, 1]);
    const program = "import json\nfrom p4p.client.thread import Context\nctxt = Context('pva')\nprint(json.dumps([float(v) for v in ctxt.get(['OURS:ONE', 'OURS:TWO', 'P4P:meta'], timeout=20)]))\nctxt.close()\n";
    const { stdout } = await run(peerPython(), ['-c', program], { env: { ...process.env, ...p4p.environment }, timeout: 60_000 });
    expect(JSON.parse(stdout)).toEqual([4.5, 5.5, 2.5]);
  } finally {
    await client.close();
    for (const server of servers) await server.close();
    await p4p.stop();
  }
});

it('ours on every address first, then p4p, which the searches come to from then on', async () => {
  const first = new PvaServer({ host: '0.0.0.0' });
  await first.listen();
  const { udpPort } = first;
  await first.close();
  const server = new PvaServer({ host: '0.0.0.0', udpPort });
  server.add('OURS:ONE', { type: 'DOUBLE', initial: 4.5 });
  await server.listen();
  const p4p = await startP4pServer({ udp: udpPort });
  const client = new PvaClient({ environment: p4p.environment });
  try {
    expect((await client.channel('P4P:meta').get({ timeout: 20 })).value).toBe(2.5);
    expect((await client.channel('OURS:ONE').get({ timeout: 20 })).value).toBe(4.5);
  } finally {
    await client.close();
    await server.close();
    await p4p.stop();
  }
});

// Group PVs and pictures of our pvAccess server, seen by p4p; parts of arrays of servers that have no request for them.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client, PvaServer, ndArrayType, ndArrayValue } from 'epics-ioc-connection';
import type { ServerPv } from 'epics-ioc-connection';
import { peerPython } from '../ioc/python';
import { freePort, pvaEnvironment, startSoftIoc } from '../ioc/softIoc';

const run = promisify(execFile);
const pvs: Record<string, ServerPv> = {};
let server: PvaServer;
let environment: Record<string, string>;

beforeAll(async () => {
  const ports = { tcp: await freePort(), udp: await freePort() };
  environment = pvaEnvironment(ports);
  server = new PvaServer({ port: ports.tcp, udpPort: ports.udp });
  for (const [name, initial] of [['G:X', 1], ['G:Y', 2]] as const) {
    const pv: ServerPv = server.add(name, { type: 'DOUBLE', initial, metadata: { units: 'mm' }, onWrite: ({ value }) => pv.update({ value }) });
    pvs[name] = pv;
  }
  server.add('G:FIXED', { type: 'LONG', initial: 5 });
  server.addGroup('G:AXES', { id: 'test:axes', members: { x: { pv: 'G:X' }, y: { pv: 'G:Y', as: 'value' }, fixed: { pv: 'G:FIXED', as: 'value' } } });
  server.addStructure('G:IMAGE', { type: ndArrayType, initial: ndArrayValue({ data: Uint16Array.of(1, 2, 3, 4, 5, 6), size: [3, 2], uniqueId: 1, timestamp: { seconds: 1.7e9, nanoseconds: 0 } }) });
  await server.listen();
});
afterAll(() => server.close());

/** What p4p says, by a program that has `ctxt`. */
async function p4p(code: string): Promise<unknown> {
  const program = `import json\nfrom p4p.client.thread import Context\nctxt = Context('pva', nt=False)\n${code}\nctxt.close()\n`;
  const { stdout } = await run(peerPython(), ['-c', program], { env: { ...process.env, ...environment }, timeout: 60_000 });
  return JSON.parse(stdout) as unknown;
}

it('p4p reads a group as one structure, and follows it', async () => {
  expect(await p4p(`
import queue
updates = queue.Queue()
sub = ctxt.monitor('G:AXES', lambda v: updates.put((v.x.value, v.y, sorted(v.changedSet()))))
first = updates.get(timeout=10)
ctxt.put('G:X', {'value': 4.0}, wait=True)
second = updates.get(timeout=10)
ctxt.put('G:X', {'value': 1.0}, wait=True)
value = ctxt.get('G:AXES')
print(json.dumps([value.getID(), value.x.value, value.x.display.units, value.y, value.fixed, first[:2], second]))`))
    .toEqual(['test:axes', 1, 'mm', 2, 5, [1, 2], [4, 2, ['x.timeStamp', 'x.timeStamp.nanoseconds', 'x.timeStamp.secondsPastEpoch', 'x.timeStamp.userTag', 'x.value']]]);
});

it('p4p writes several records by one put, or none of them', async () => {
  expect(await p4p(`
ctxt.put('G:AXES', {'x.value': 10.0, 'y': 20.0}, wait=True)
refused = None
try:
    ctxt.put('G:AXES', {'x.value': 99.0, 'fixed': 1}, wait=True)
except Exception as error:
    refused = 'nothing was' in str(error)
value = ctxt.get('G:AXES')
print(json.dumps([value.x.value, value.y, value.fixed, refused]))`)).toEqual([10, 20, 5, true]);
  expect([pvs['G:X']!.state.value, pvs['G:Y']!.state.value]).toEqual([10, 20]);
});

it('p4p takes our picture for an array of two dimensions', async () => {
  const program = "import json\nfrom p4p.client.thread import Context\nctxt = Context('pva')\nimage = ctxt.get('G:IMAGE')\nprint(json.dumps([image.tolist(), str(image.dtype)]))\nctxt.close()\n";
  const { stdout } = await run(peerPython(), ['-c', program], { env: { ...process.env, ...environment }, timeout: 60_000 });
  expect(JSON.parse(stdout)).toEqual([[[1, 2, 3], [4, 5, 6]], 'uint16']);
});

it('the one client reads QSRV by both protocols alike, a group of QSRV, and a part of an array that QSRV has no request for', async () => {
  const ioc = await startSoftIoc({ pva: true });
  const client = new Client({ environment: ioc.environment, timeout: 20 });
  try {
    const [byCa, byPva] = await Promise.all(['ca://E2E:ao', 'pva://E2E:ao'].map((name) => client.channel(name).get()));
    const { pv, value, alarm, timestamp, control } = byCa!;
    expect(byPva).toMatchObject({ pv, value, alarm: { severity: alarm.severity }, timestamp, control });
    expect(byPva!.display).toMatchObject({ units: byCa!.display!.units, precision: byCa!.display!.precision, limits: byCa!.display!.limits, description: 'set-point' });
    const [stateByCa, stateByPva] = await Promise.all(['ca://E2E:mbbo', 'pva://E2E:mbbo'].map((name) => client.channel(name).get()));
    expect(stateByPva!.enum).toEqual(stateByCa!.enum);
    await client.channel('ca://E2E:shorts').put([5, 6, 7, 8], { wait: true });
    const shorts = client.channel('pva://E2E:shorts').pva!;
    expect(await shorts.getSlice({ offset: 1, count: 2 })).toEqual(Int16Array.of(6, 7));
    await expect(shorts.putSlice([1], { offset: 1, timeout: 3 })).rejects.toMatchObject({ code: expect.stringMatching(/REQUEST_FAILED|PUT_FAILED/) as string });
    const group = client.channel('pva://E2E:group').pva!;
    expect((await group.getStructure()).value).toMatchObject({ x: 1, y: { value: 2 }, label: 'two axes' });
  } finally {
    await client.close();
    await ioc.kill();
  }
}, 60_000);

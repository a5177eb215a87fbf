// All DBR types between our client and our server over TCP, the acknowledgement of alarms, and a type that there is not.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryNetwork } from '../transport/memory';
import { CaClient } from './client';
import * as wire from './protocol';
import { CaServer } from './server';
import { ScriptedServer } from './scriptedServer.testing';

const metadata = { units: 'mm', precision: 2, display: { low: -10, high: 10 }, control: { low: -9, high: 9 }, warning: { low: -5, high: 5 }, alarm: { low: -7, high: 7 } };
let server: CaServer;
let client: CaClient;

beforeEach(async () => {
  server = new CaServer();
  await server.listen();
  client = new CaClient({ environment: {}, addressList: [`127.0.0.1:${server.udpPort}`], autoAddressList: false });
});
afterEach(async () => {
  await client.close();
  await server.close();
});

describe('DBR types 0 to 38', () => {
  it('every type that can be read is read, by number and by name, with what it carries', async () => {
    const pv = server.add('X', { type: 'DOUBLE', initial: 4, metadata, severity: 'MINOR', status: 'HIGH', recordType: 'ao' });
    const channel = client.channel('X');
    for (const { code, name, base, form } of wire.dbrTypes) {
      if (code === 35 || code === 36) {
        await expect(channel.getDbr(code)).rejects.toMatchObject({ code: 'BAD_OPTION' });
        continue;
      }
      const reading = await channel.getDbr(code);
      expect(await channel.getDbr(name)).toEqual(reading);
      expect([reading.type, reading.value]).toEqual([base, code === 38 ? 'ao' : base === 'STRING' ? '4.00' : 4]);
      expect(reading.severity).toBe(form === 'plain' ? 'NO_ALARM' : 'MINOR');
      expect(reading.timestamp).toEqual(form === 'time' ? pv.state.timestamp : null);
      const limits = form === 'gr' || form === 'ctrl' ? reading.metadata : undefined;
      if (limits && base !== 'STRING' && base !== 'ENUM') expect([limits.units, limits.alarm]).toEqual(['mm', { low: base === 'CHAR' ? 249 : -7, high: 7 }]);
      if (base === 'DOUBLE' && form === 'ctrl') expect(limits).toEqual(metadata);
    }
    await expect(channel.getDbr(39)).rejects.toMatchObject({ code: 'BAD_OPTION' });
  });

  it('CLASS_NAME is the record\'s type, and refused where the server has none', async () => {
    server.add('AO', { type: 'DOUBLE', initial: 0, recordType: 'ao' });
    server.add('NONE', { type: 'DOUBLE', initial: 0 });
    expect(await client.channel('AO').className()).toBe('ao');
    await expect(client.channel('NONE').className()).rejects.toMatchObject({ code: 'BAD_TYPE' });
  });

  it('STSACK tells the highest alarm that nobody has acknowledged, PUT_ACKS acknowledges it, PUT_ACKT says whether it must be', async () => {
    const pv = server.add('X', { type: 'DOUBLE', initial: 0, onWrite: () => undefined });
    const channel = client.channel('X');
    pv.update({ value: 9, severity: 'MAJOR', status: 'HIHI' });
    pv.update({ value: 0, severity: 'NO_ALARM', status: 'NO_ALARM' });
    expect(await channel.alarmAcknowledge()).toEqual({ transient: true, severity: 'MAJOR' });
    await channel.acknowledgeAlarm('MINOR', { wait: true });
    expect((await channel.alarmAcknowledge()).severity).toBe('MAJOR');
    await channel.acknowledgeAlarm('MAJOR', { wait: true });
    expect((await channel.alarmAcknowledge()).severity).toBe('NO_ALARM');
    pv.update({ severity: 'MINOR', status: 'HIGH' });
    pv.update({ severity: 'NO_ALARM', status: 'NO_ALARM' });
    await channel.setTransientAlarms(false, { wait: true });
    expect(await channel.alarmAcknowledge()).toEqual({ transient: false, severity: 'NO_ALARM' });
    expect(pv.state.value).toBe(0);
  });

  it('an acknowledgement needs the right to write', async () => {
    server.add('RO', { type: 'DOUBLE', initial: 0, severity: 'MAJOR', status: 'HIHI' });
    await expect(client.channel('RO').acknowledgeAlarm('MAJOR', { wait: true })).rejects.toMatchObject({ code: 'NO_WRITE_ACCESS' });
  });
});

it('a server with a native type that Channel Access has not is told clearly, to those who wait and to those who come later', async () => {
  const network = new MemoryNetwork();
  const odd = new ScriptedServer(network, '10.0.0.1:6000', ['A']);
  odd.nativeType = 17;
  const own = new CaClient({ addressList: ['10.0.0.1'], autoAddressList: false, environment: {} }, network);
  const warnings: string[] = [];
  own.onWarning(({ code, message }) => warnings.push(`${code} ${message}`));
  const channel = own.channel('A');
  const failed = [channel.get(), channel.whenConnected(), channel.put(1)].map((each) => each.catch((error: unknown) => error));
  await network.clock.advance(10);
  const text = '"A" is of data type 17 on 10.0.0.1:6000, which Channel Access has not (0 to 6): it cannot be read or written. Ask who runs that server.';
  for (const each of [...failed, channel.get().catch((error: unknown) => error)]) expect(await each).toMatchObject({ code: 'BAD_TYPE', message: text });
  expect([channel.state, warnings, odd.log]).toEqual(['never', [`BAD_TYPE ${text}`], ['create A', 'clear']]);
  await own.close();
  await network.clock.settle();
  expect(network.clock.pendingTimers).toBe(0);
});

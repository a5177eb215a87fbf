// Monitors through byte arrays: start and stop, pipeline, slow clients, overruns, the end.
import { describe, expect, it } from 'vitest';
import { array, commands, defaultValue, ok, scalar, structure, writeMonitorAck } from '../protocol';
import type { PvaStructure, StructureField } from '../protocol';
import { messages, stamp, TestConnection, type Update } from './connection.testing';
import type { PvaScalarPv } from './scalarPv';

const { MONITOR } = commands;

/** A client with one monitor on `A`; `held` is what it knows. */
class Monitored {
  readonly test = new TestConnection().validate();
  readonly pv: PvaScalarPv;
  readonly serverId: number;
  readonly field: StructureField;
  private held: PvaStructure;

  constructor(request = '', window?: number, options: Partial<Parameters<TestConnection['add']>[1]> = {}) {
    this.pv = this.test.add('A', { type: 'LONG', initial: 0, ...options });
    this.serverId = this.test.channel('A');
    this.field = this.test.init(MONITOR, this.serverId, 1, request, window).fields[0]!;
    this.held = defaultValue(this.field) as PvaStructure;
  }

  take(bytes = this.test.output()): ReturnType<TestConnection['updates']> {
    const updates = this.test.updates(this.field, bytes, this.held);
    for (const update of updates) if ('value' in update) this.held = update.value;
    return updates;
  }

  values(bytes?: Uint8Array): unknown[] {
    return this.take(bytes).map((update) => ('value' in update ? update.value['value'] : update.ended));
  }

  send(subcommand: number): unknown[] {
    return this.values(this.test.bytes(...this.test.request(MONITOR, this.serverId, 1, subcommand)));
  }

  ack(count: number): unknown[] {
    return this.values(this.test.write((writer) => writeMonitorAck(writer, { serverId: this.serverId, requestId: 1 }, count)));
  }

  count(from: number, to: number): void {
    for (let value = from; value <= to; value += 1) this.pv.update({ value });
  }
}

const start = 0x44;
const stop = 0x04;

describe('a monitor', () => {
  it('starts stopped, and begins with the whole value', () => {
    const monitored = new Monitored('', undefined, { metadata: { units: 'mm' } });
    monitored.count(1, 2);
    expect(monitored.take()).toEqual([]);
    const [first] = monitored.take(monitored.test.bytes(...monitored.test.request(MONITOR, monitored.serverId, 1, start))) as [Update];
    expect(first.changed).toEqual([0]);
    expect(first.value).toEqual(monitored.pv.pv.value);
    expect(first.value).toMatchObject({ value: 2, display: { units: 'mm' }, timeStamp: { secondsPastEpoch: stamp.seconds, nanoseconds: stamp.nanoseconds } });
  });

  it('says which fields changed', () => {
    const monitored = new Monitored();
    monitored.send(start);
    const changes = (change: Parameters<PvaScalarPv['update']>[0]): string[] => {
      monitored.pv.update(change);
      return (monitored.take() as Update[]).flatMap(({ changed }) => monitored.field.members.filter(({ bit, field }) =>
        changed.some((one) => one >= bit && one < bit + (field.kind === 'structure' ? field.bits : 1))).map(({ name }) => name));
    };
    expect(changes({ value: 1 })).toEqual(['value', 'timeStamp']);
    expect(changes({ severity: 'MAJOR', status: 'HIHI' })).toEqual(['alarm', 'timeStamp']);
    expect(changes({ severity: 'MAJOR', status: 'HIHI' })).toEqual([]);
    expect(changes({ metadata: { units: 'm' } })).toEqual(['timeStamp', 'display', 'control', 'valueAlarm']);
    expect(changes({ timestamp: { seconds: 1, nanoseconds: 0 } })).toEqual([]);
  });

  it('of some fields brings those only, and nothing where none of them changed', () => {
    const monitored = new Monitored('field(value,alarm.severity)');
    monitored.send(start);
    monitored.pv.update({ metadata: { units: 'm' } });
    expect(monitored.take()).toEqual([]);
    monitored.pv.update({ value: 5, severity: 'MINOR', status: 'HIGH' });
    expect(monitored.take()).toMatchObject([{ changed: [1, 3], value: { value: 5, alarm: { severity: 1, message: '' } } }]);
  });

  it('is silent while stopped, and starts again with the value of then', () => {
    const monitored = new Monitored();
    expect(monitored.send(start)).toEqual([0]);
    monitored.count(1, 2);
    expect(monitored.values()).toEqual([1, 2]);
    expect(monitored.send(stop)).toEqual([]);
    monitored.count(3, 5);
    expect(monitored.values()).toEqual([]);
    expect(monitored.send(start)).toEqual([5]);
    expect(monitored.send(start)).toEqual([]);
  });

  it('ends with its destruction, and its PV keeps nothing of it', () => {
    const monitored = new Monitored();
    monitored.send(start);
    expect(monitored.send(0x10)).toEqual([]);
    monitored.count(1, 1);
    expect(monitored.values()).toEqual([]);
    expect([monitored.pv.pv.subscribers.size, monitored.test.connection.operations.size]).toEqual([0, 0]);
    monitored.test.connection.close();
    expect(monitored.pv.pv.users.size).toBe(0);
  });

  it('is refused for fields that there are not, and without the right to read', () => {
    const test = new TestConnection().validate();
    test.add('A', { type: 'LONG', initial: 0 });
    test.add('B', { type: 'LONG', initial: 0, access: () => ({ read: false, write: false }) });
    expect(test.init(MONITOR, test.channel('A'), 1, 'field(colour)').status.message).toBe('A has none of the fields colour.');
    expect(test.init(MONITOR, test.channel('B'), 2).status.message).toBe('B may not be read by ada at desk.');
    expect(test.connection.operations.size).toBe(0);
  });
});

describe('a client that does not keep up', () => {
  it('gets a bounded queue, the newest value, and is told what it missed', () => {
    const monitored = new Monitored('record[queueSize=3]');
    monitored.send(start);
    monitored.test.connection.setBlocked(true);
    monitored.count(1, 1000);
    expect(monitored.values()).toEqual([]);
    monitored.test.connection.setBlocked(false);
    const updates = monitored.take() as Update[];
    expect(updates.map(({ value }) => value['value'])).toEqual([1, 2, 1000]);
    expect(updates.map(({ overrun }) => overrun)).toEqual([[], [], [1, 6]]);
  });

  it('is told only of the fields that changed more than once', () => {
    const monitored = new Monitored('record[queueSize=1]');
    monitored.send(start);
    monitored.test.connection.setBlocked(true);
    monitored.count(1, 1);
    monitored.pv.update({ severity: 'MAJOR', status: 'HIHI' });
    monitored.test.connection.setBlocked(false);
    const [update] = monitored.take() as [Update];
    expect(update.changed).toEqual([1, 2, 6]);
    expect(update.overrun).toEqual([6]);
    expect(update.value).toMatchObject({ value: 1, alarm: { severity: 2, status: 1, message: 'HIHI' } });
  });

  it('costs others nothing and the server no more than its queue', () => {
    const [slow, quick] = [new TestConnection().validate(), new TestConnection().validate()];
    const pv = slow.add('A', { type: 'DOUBLE', count: 100_000, initial: new Float64Array(0) });
    quick.pvs.add(pv.pv);
    let field: StructureField | undefined;
    for (const test of [slow, quick]) {
      const serverId = test.channel('A');
      field = test.init(MONITOR, serverId, 1, 'field(value)').fields[0];
      test.bytes(...test.request(MONITOR, serverId, 1, start));
    }
    let received = 0;
    for (let turn = 0; turn < 50; turn += 1) {
      pv.update({ value: new Float64Array(100_000).fill(turn) });
      received += quick.updates(field!, quick.output(), {}).length;
    }
    expect(received).toBe(50);
    // One update of 800 kB went out after the other until 1 MB waited for the socket.
    expect(slow.connection.output.size).toBeLessThan(3 * 2 ** 20);
    const late: Update[] = [];
    for (let turn = 0; turn < 10; turn += 1) {
      late.push(...slow.updates(field!, slow.output(), {}) as Update[]);
      slow.connection.setBlocked(false);
    }
    expect((late.at(-1)!.value['value'] as Float64Array)[0]).toBe(49);
  });
});

describe('a pipeline', () => {
  it('sends no more than was acknowledged, then queues, then says what was missed', () => {
    const monitored = new Monitored('record[pipeline=true,queueSize=2]', 2);
    expect(monitored.send(start)).toEqual([0]);
    monitored.count(1, 6);
    expect(monitored.values()).toEqual([1]);
    expect(monitored.ack(1)).toEqual([2]);
    expect(monitored.ack(1)).toEqual([6]);
    expect(monitored.ack(5)).toEqual([]);
    monitored.count(7, 9);
    expect(monitored.values()).toEqual([7, 8, 9]);
  });

  it('takes an acknowledgement together with the start', () => {
    const monitored = new Monitored('record[pipeline=true,queueSize=2]', 0);
    expect(monitored.send(start)).toEqual([]);
    const { test, serverId } = monitored;
    monitored.send(stop);
    expect(monitored.values(test.bytes(...test.request(MONITOR, serverId, 1, 0xc4, 1, 0, 0, 0)))).toEqual([0]);
    monitored.count(1, 2);
    expect(monitored.values()).toEqual([]);
  });

  it('PVA 14: without a first acknowledgement has the room that was asked for', () => {
    const monitored = new Monitored('record[pipeline=true,queueSize=3]');
    monitored.send(start);
    monitored.count(1, 9);
    expect(monitored.values()).toEqual([1, 2]);
  });
});

describe('the end', () => {
  it('comes after the last update', () => {
    const monitored = new Monitored('record[pipeline=true,queueSize=4]', 2);
    monitored.send(start);
    monitored.count(1, 3);
    expect(monitored.values()).toEqual([1]);
    monitored.pv.pv.finish();
    expect(monitored.values()).toEqual([]);
    expect(monitored.ack(2)).toEqual([2, 3, ok]);
    expect(monitored.test.connection.operations.size).toBe(0);
    monitored.count(4, 4);
    expect(monitored.values()).toEqual([]);
  });

  it('comes with a reason where a value cannot be said', () => {
    const test = new TestConnection().validate();
    const type = structure('', { x: scalar('int'), many: array('double') });
    const pv = test.addStructure('S', { type });
    const serverId = test.channel('S');
    const { fields: [field] } = test.init(MONITOR, serverId, 1);
    test.bytes(...test.request(MONITOR, serverId, 1, start));
    pv.update({ x: 1, many: 'none' });
    const [end] = test.updates(field!, test.output(), {});
    expect(end).toMatchObject({ ended: { type: 'ERROR', message: expect.stringContaining('double[]') as string } });
    expect(messages(test.output())).toEqual([]);
  });
});

it('posts a structure\'s fields as they are given, leaving the others', () => {
  const test = new TestConnection().validate();
  const type = structure('group', { x: scalar('int'), inner: structure('', { y: scalar('double'), text: scalar('string') }) });
  const pv = test.addStructure('S', { type, initial: { x: 1 } });
  const serverId = test.channel('S');
  const { fields: [field] } = test.init(MONITOR, serverId, 1);
  const [first] = test.updates(field!, test.bytes(...test.request(MONITOR, serverId, 1, start)), {}) as [Update];
  pv.update({ inner: { y: 2.5 } });
  const [second] = test.updates(field!, test.output(), first.value) as [Update];
  expect(second).toMatchObject({ changed: [3], value: { x: 1, inner: { y: 2.5, text: '' } } });
  expect(() => pv.update({ colour: 1 })).toThrow('There is no field "colour"');
});

// Hostile bytes: whatever comes in, the server does not throw, and other connections go on.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { array, commands, scalar, structure, WireWriter, writePut } from '../protocol';
import { wire } from '../protocol/pvaBytes.testing';
import { BitSet } from '../protocol';
import { TestConnection } from './connection.testing';
import { answerSearches } from './searchResponder';

const type = structure('', { n: scalar('int'), text: scalar('string'), many: array('double') });

function prepared(): TestConnection {
  const test = new TestConnection().validate();
  const pv = test.addStructure('S', { type, onWrite: ({ value, changed }) => pv.post(value, changed), onRpc: ({ argument }) => argument });
  test.add('A', { type: 'ENUM', initial: 0, metadata: { states: ['a', 'b'] }, onWrite: () => undefined });
  const serverId = test.channel('S');
  test.init(commands.PUT, serverId, 1);
  test.init(commands.MONITOR, serverId, 2, 'record[pipeline=true]', 4);
  test.init(commands.RPC, serverId, 3);
  test.init(commands.ARRAY, serverId, 4, 'field(many)');
  return test;
}

/** Good messages of every kind, to be damaged. */
function session(): number[] {
  const writer = new WireWriter('client');
  writer.littleEndian = true;
  writePut(writer, commands.PUT, { serverId: 1, requestId: 1, subcommand: 0 }, type, { n: 1, text: 'x', many: [1, 2] }, BitSet.of(0));
  const test = new TestConnection('little');
  const w = wire('little');
  return [
    ...writer.take(),
    ...test.request(commands.MONITOR, 1, 2, 0x44), ...test.request(commands.MONITOR, 1, 2, 0x80, ...w.u32(3)),
    ...test.request(commands.RPC, 1, 3, 0, 0x80, 0, 1, ...w.member('a', 0x4b), 1, ...w.f64(1.5)),
    ...test.request(commands.ARRAY, 1, 4, 0, 0, 1, 2, ...w.f64(1, 2)),
    ...test.request(commands.GET, 1, 9, 8, 0xfd, ...w.u16(1), 0x80, 0, 1, ...w.member('field', 0x80, 0, 0)),
    ...test.request(commands.GET, 1, 9, 0), ...test.request(commands.GET, 1, 10, 8, 0xfe, ...w.u16(1)),
    ...w.message('client', commands.GET_FIELD, [...w.u32(1, 5), ...w.text('many')]),
    ...w.message('client', commands.SEARCH, [...w.u32(1), 1, 0, 0, 0, ...new Array<number>(16).fill(0), ...w.u16(1), 0, ...w.u16(1), ...w.u32(1), ...w.text('S')]),
    ...w.message('client', commands.CREATE_CHANNEL, [...w.u16(1), ...w.u32(5), ...w.text('A')]),
    ...w.message('client', commands.DESTROY_REQUEST, w.u32(1, 9)), ...w.message('client', commands.DESTROY_CHANNEL, w.u32(1, 1)),
  ];
}

it('survives noise', () => {
  fc.assert(fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { maxLength: 5 }), (chunks) => {
    const test = prepared();
    for (const chunk of chunks) test.connection.receive(chunk);
    test.output();
  }), { numRuns: 200, seed: 5 });
});

it('survives messages with some bytes changed, cut or doubled', () => {
  const good = session();
  const damage = fc.array(fc.record({ at: fc.nat(good.length - 1), byte: fc.nat(255), kind: fc.constantFrom('set', 'cut', 'double') }), { minLength: 1, maxLength: 4 });
  let alive = 0;
  fc.assert(fc.property(damage, (changes) => {
    const bytes = [...good];
    for (const { at, byte, kind } of changes) {
      if (kind === 'set') bytes[at % bytes.length] = byte;
      else if (kind === 'cut') bytes.splice(at % bytes.length, 1 + (byte % 8));
      else bytes.splice(at % bytes.length, 0, ...bytes.slice(at, at + (byte % 8)));
    }
    const test = prepared();
    test.connection.receive(Uint8Array.from(bytes));
    expect(test.connection.output.size).toBeLessThan(1 << 20);
    if (!test.hungUp) alive += 1;
    test.connection.close();
  }), { numRuns: 1500, seed: 7 });
  // The damage is neither always fatal nor never.
  expect(alive).toBeGreaterThan(50);
  expect(alive).toBeLessThan(1450);
});

it('the undamaged session is taken whole', () => {
  const test = prepared();
  test.connection.receive(Uint8Array.from(session()));
  expect(test.hungUp).toBe(false);
  expect(test.pvs.find('S')?.value).toEqual({ n: 1, text: 'x', many: Float64Array.of(1, 2) });
});

it('answers no datagram of noise', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (datagram) => {
    answerSearches(datagram, { has: () => true, guid: '0'.repeat(24), tcpPort: 1, tlsPort: 2 });
  }), { numRuns: 500, seed: 9 });
});

// What the fuzzer found, kept: each row is an input that once failed, run whole and byte by byte on a connection of its own.
import { describe, expect, it } from 'vitest';
import { array, commands, scalar, structure, writeArrayGet, writeArrayLength, WireWriter } from '../../src/pva/protocol';
import { TestConnection } from '../../src/pva/server/connection.testing';

/** 20 bytes made an array of 8 million elements, which each of the gets that followed then sent. */
describe.each([['whole', Infinity], ['byte by byte', 1]] as const)('SET_LENGTH of millions, %s', (_name, step) => {
  it('is refused beyond a step, and the gets send what was there', () => {
    const test = new TestConnection('little', (bytes) => {
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += step) chunks.push(Uint8Array.from(bytes.slice(at, at + step)));
      return chunks;
    }).validate();
    const pv = test.addStructure('S', { type: structure('', { n: scalar('int'), many: array('double') }), onWrite: ({ value, changed }) => pv.post(value, changed) });
    const request = { serverId: test.channel('S'), requestId: 1, subcommand: 0x40 };
    test.init(commands.ARRAY, request.serverId, 1, 'field(many)');
    const writer = new WireWriter('client');
    writer.littleEndian = true;
    writeArrayLength(writer, { ...request, subcommand: 0x80 }, 8_000_000);
    for (let i = 0; i < 3; i += 1) writeArrayGet(writer, request, { offset: 0, count: 0, stride: 1 });
    expect(test.bytes(...writer.take()).length).toBeLessThan(1000);
    expect(pv.value['many']).toHaveLength(0);
    test.write((w) => writeArrayLength(w, { ...request, subcommand: 0x80 }, 1000));
    expect(pv.value['many']).toHaveLength(1000);
  });
});

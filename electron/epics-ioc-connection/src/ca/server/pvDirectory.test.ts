import { expect, it } from 'vitest';
import { PvaServer } from '../../pva/server';
import { ServerGroup } from '../../serverGroup';
import { CaServer } from './caServer';
import { PvDirectory } from './pvDirectory';

const number = { type: 'DOUBLE', initial: 0 } as const;

it('finds a PV by its name and its aliases, and no other', () => {
  const pvs = new PvDirectory();
  const pv = { name: 'A' };
  pvs.add(pv);
  pvs.alias('A.VAL', 'A');
  expect(['A', 'A.VAL', 'B', ''].map((name) => pvs.find(name))).toEqual([pv, pv, undefined, undefined]);
  pvs.remove(pv);
  expect([pvs.names, pvs.find('A.VAL')]).toEqual([[], undefined]);
});

it.each([
  ['CaServer', 511, () => new CaServer()], ['PvaServer', 500, () => new PvaServer({ tls: false })],
  ['ServerGroup', 500, () => new ServerGroup([new CaServer(), new PvaServer({ tls: false })])],
] as const)('%s takes no name that nobody can ask for, and none twice', (_name, longest, make) => {
  const server = make();
  server.add('A', number);
  server.add('x'.repeat(longest), number);
  const { names } = server;
  for (const name of ['', 'x'.repeat(longest + 1), 'µ'.repeat(longest / 2 + 1), undefined as unknown as string]) {
    expect(() => server.add(name, number)).toThrow(expect.objectContaining({ code: 'BAD_OPTION', message: expect.stringMatching(/^A PV name has 1 to /) as string }) as Error);
  }
  for (const alias of ['', 'x'.repeat(512)]) expect(() => server.alias(alias, 'A')).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }) as Error);
  expect(() => server.add('A', number)).toThrow(expect.objectContaining({ code: 'BAD_OPTION', pv: 'A', message: 'The server has a PV A already.' }) as Error);
  expect(() => server.alias('A', 'A')).toThrow(expect.objectContaining({ code: 'BAD_OPTION', pv: 'A' }) as Error);
  expect(() => server.alias('B', 'NONE')).toThrow(expect.objectContaining({ code: 'BAD_OPTION', pv: 'NONE', message: 'The server has no PV NONE that B could stand for.' }) as Error);
  expect(server.names).toEqual(names);
});

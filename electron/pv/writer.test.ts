import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CaSource } from './caSource';
import { CodedError, MemoryClient } from './memoryClient.testing';
import { PvService } from './pvService';
import { WriteLog } from './writeLog';
import { Writer } from './writer';

const context = { source: 'panel', user: 'ada' };
let folder: string;
let client: MemoryClient;
let log: WriteLog;
let writer: Writer;
let service: PvService;
let problems: (string | null)[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'writes-'));
  client = new MemoryClient();
  problems = [];
  log = new WriteLog({ folder, onProblem: (message) => problems.push(message) });
  writer = new Writer(log);
  service = new PvService({}, writer);
  await service.useNetwork(new CaSource(client));
});
afterEach(async () => {
  await log.flush();
  await service.dispose();
  rmSync(folder, { recursive: true, force: true });
});

describe('a write', () => {
  it('to a field that moves a motor obeys the limits of the motor\'s position', async () => {
    writer.useRules({ profile: 'hall 3', limits: [{ pv: 'M', low: 0, high: 5 }] });
    for (const [field, value] of [['VAL', 4], ['RLV', 0], ['TWF', 0], ['TWV', 2]] as const) client.serve(`M.${field}`, { value });
    await expect(service.write('M.RLV', 2, context)).rejects.toMatchObject({ code: 'OUT_OF_LIMITS', message: expect.stringContaining('could come to 6') as string });
    await expect(service.write('ca://M.TWF', 1, context)).rejects.toMatchObject({ code: 'OUT_OF_LIMITS' });
    await expect(service.write('M.RLV', -1, context)).resolves.toMatchObject({ outcome: 'sent' });
    expect(client.puts).toEqual([{ pv: 'M.RLV', value: -1, wait: false }]);
  });

  it('is sent and recorded: who, when, old -> new', async () => {
    client.serve('X', { value: 1 });
    const record = await service.write('X', 2, context);
    expect(record).toMatchObject({ pv: 'X', user: 'ada', source: 'panel', old: '1', value: '2', outcome: 'sent' });
    expect(client.puts).toEqual([{ pv: 'X', value: 2, wait: false }]);
    expect(log.list()).toEqual([record]);
  });

  it('with wait is done when the put-callback came, and was on record before', async () => {
    let during: unknown;
    client.serve('X', { value: 1, onPut: async () => { during = log.list()[0]?.outcome; } });
    await expect(service.write('X', 2, context, { wait: true })).resolves.toMatchObject({ outcome: 'done' });
    expect(during).toBe('sent');
    expect(log.list()).toHaveLength(1);
  });

  it('writes an enum by name even where an index was given', async () => {
    client.serve('S', { value: 0, type: 'ENUM', metadata: { states: ['Closed', 'Open'] } });
    await expect(service.write('S', 1, context)).resolves.toMatchObject({ old: 'Closed', value: 'Open' });
    expect(client.puts[0]?.value).toBe('Open');
  });

  it.each([
    ['PUT_OUTCOME_UNKNOWN', 'OUTCOME_UNKNOWN', 'unknown'], ['TIMEOUT', 'OUTCOME_UNKNOWN', 'unknown'], ['DISCONNECTED', 'OUTCOME_UNKNOWN', 'unknown'],
    ['PUT_FAILED', 'PUT_FAILED', 'failed'], ['BAD_TYPE', 'WRONG_TYPE', 'refused'], ['NO_WRITE_ACCESS', 'READ_ONLY', 'refused'],
  ])('with wait that ends with %s is told as %s and recorded as %s', async (thrown, code, outcome) => {
    client.serve('X', { value: 1, onPut: async () => { throw new CodedError(thrown, 'It went wrong.'); } });
    await expect(service.write('X', 2, context, { wait: true })).rejects.toMatchObject({ code });
    expect(log.list()).toEqual([expect.objectContaining({ outcome, error: expect.objectContaining({ code }) as unknown })]);
    expect(client.puts).toHaveLength(1);
  });
});

describe('a write that is refused', () => {
  it('from an observer never reaches the PV', async () => {
    client.serve('X', { value: 1 });
    await expect(service.write('X', 2, { ...context, observer: true })).rejects.toMatchObject({ code: 'OBSERVER' });
    expect(client.puts).toEqual([]);
    expect(log.list()).toEqual([expect.objectContaining({ outcome: 'refused', user: 'ada' })]);
  });

  it('by the profile\'s limits, whichever way the field is spelt', async () => {
    writer.useRules({ profile: 'hall 3', limits: [{ pv: 'X.VAL', low: 0, high: 5 }] });
    client.serve('X', { value: 1 });
    client.serve('X.VAL', { value: 1 });
    for (const pv of ['X', 'ca://X', 'X.VAL']) await expect(service.write(pv, 6, context)).rejects.toMatchObject({ code: 'OUT_OF_LIMITS' });
    expect(client.puts).toEqual([]);
  });

  it('by the profile\'s limits, whichever protocol it is written by', async () => {
    writer.useRules({ profile: 'hall 3', limits: [{ pv: 'X', low: 0, high: 5 }] });
    const other = new MemoryClient();
    other.serve('X', { value: 1 });
    client.serve('X', { value: 1 });
    await service.useNetwork(new CaSource(client), new CaSource(other));
    for (const pv of ['X', 'pva://X']) await expect(service.write(pv, 6, context)).rejects.toMatchObject({ code: 'OUT_OF_LIMITS' });
    expect(other.puts).toEqual([]);
  });

  it('while its IOC is away', async () => {
    client.serve('X', { value: 1 });
    service.watch('X', () => undefined);
    await Promise.resolve();
    client.drop('X');
    await expect(service.write('X', 2, context)).rejects.toMatchObject({ code: 'DISCONNECTED' });
    await expect(service.write('never', 2, context)).rejects.toMatchObject({ code: 'DISCONNECTED', message: expect.stringContaining('Nothing was sent.') as string });
  });

  it('with a name that is none', async () => {
    await expect(service.write('two words', 2, context)).rejects.toMatchObject({ code: 'INVALID_NAME' });
    expect(log.list()).toHaveLength(1);
  });
});

describe('limits and states that changed', () => {
  it('are asked for before a watched PV is refused', async () => {
    client.serve('X', { value: 1, metadata: { control: { low: 0, high: 5 } } });
    await new Promise<void>((resolve) => { service.watch('X', (state) => { if (state.control && state.value !== null) resolve(); }); });
    client.describeSilently('X', { control: { low: 0, high: 50 } });
    await expect(service.write('X', 20, context)).resolves.toMatchObject({ outcome: 'sent' });
    await expect(service.write('X', 60, context)).rejects.toMatchObject({ code: 'OUT_OF_LIMITS', message: expect.stringContaining('(50)') as string });
  });

  it('after a restart of the IOC: a name means the state of now', async () => {
    client.serve('S', { value: 0, type: 'ENUM', metadata: { states: ['Closed', 'Open'] } });
    service.watch('S', () => undefined);
    await Promise.resolve();
    client.drop('S');
    client.serve('S', { value: 0, type: 'ENUM', metadata: { states: ['Open', 'Half', 'Closed'] } });
    await expect(service.write('S', 2, context)).resolves.toMatchObject({ value: 'Closed' });
    expect(client.puts.at(-1)?.value).toBe('Closed');
  });
});

describe('the record on disk', () => {
  it('has a line each, and two for a write that waited', async () => {
    client.serve('X', { value: 1 });
    await service.write('X', 2, context, { wait: true });
    await service.write('X', 3, context);
    await log.flush();
    const [file] = readdirSync(folder);
    expect(file).toMatch(/^writes-\d{4}-\d\d\.jsonl$/);
    const lines = readFileSync(join(folder, file ?? ''), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ id, outcome, value }) => [id, outcome, value])).toEqual([[1, 'sent', '2'], [1, 'done', '2'], [2, 'sent', '3']]);
    expect(lines[0]?.['time']).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('that can not be written is said once, and the write goes on', async () => {
    const blocked = join(folder, 'blocked');
    writeFileSync(blocked, '');
    const own = new WriteLog({ folder: blocked, onProblem: (message) => problems.push(message) });
    const record = { id: 1, pv: 'X', time: 0, user: 'ada', source: 'panel', old: null, value: '1', outcome: 'sent' as const };
    own.put(record);
    await own.flush();
    own.put({ ...record, id: 2 });
    await own.flush();
    expect(problems).toEqual([expect.stringContaining('not recorded on disk')]);
    expect(own.list()).toHaveLength(2);
  });

  it('keeps the last 10,000 in memory', () => {
    const own = new WriteLog({ folder: null });
    for (let id = 1; id <= 10_001; id += 1) own.put({ id, pv: 'X', time: 0, user: 'ada', source: 'panel', old: null, value: '1', outcome: 'sent' });
    expect(own.list()).toHaveLength(10_000);
    expect(own.list()[0]?.id).toBe(2);
  });
});

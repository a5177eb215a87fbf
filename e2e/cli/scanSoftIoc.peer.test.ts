// A scan against a real EPICS softIoc that is killed and restarted in the middle: it pauses, says why, and goes on.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSoftIoc, type SoftIoc } from '../ioc/softIoc';
import { CliHome } from './runCli';

interface Line { readonly name?: string; readonly doc: { readonly seq_num: number; readonly data: Readonly<Record<string, number>> } }

let ioc: SoftIoc;
let cli: CliHome;
beforeAll(async () => {
  ioc = await startSoftIoc();
  cli = new CliHome(ioc.environment);
});
afterAll(async () => {
  cli.remove();
  await ioc.kill();
});

describe('an IOC that is killed and restarted during a scan', () => {
  it('costs no point and doubles none', async () => {
    const running = cli.start('scan', 'scan', 'E2E:counter', '--', 'E2E:ao', '0', '10', '41', '--json');
    await running.line(12);
    await ioc.kill();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await ioc.start();
    const { code, json, stderr } = await running.ended;
    expect(code).toBe(0);
    expect(stderr).toMatch(/E2E:(counter|ao) is not connected: its server is gone.*The scan goes on when it is back\./);
    const events = (json as unknown as Line[]).filter(({ name }) => name === 'event').map(({ doc }) => doc);
    expect(events.map((event) => [event.seq_num, event.data['E2E:ao']])).toEqual(Array.from({ length: 41 }, (_, index) => [index + 1, index / 4]));
    expect(json[json.length - 1]).toMatchObject({ run: { exitStatus: 'success', points: 41 } });
  });

  it('a PV that can only be read is refused as a motor before anything moves', async () => {
    const { code, json, stderr } = await cli.run('scan', 'scan', 'E2E:counter', '--', 'E2E:readonly', '0', '1', '3', '--json');
    expect([code, json]).toEqual([1, []]);
    expect(stderr).toContain('E2E:readonly can not be set: its IOC allows no writing');
  });
});

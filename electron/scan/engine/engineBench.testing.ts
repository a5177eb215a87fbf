// An engine over PVs and a sink in memory, for its tests.
import type { RunDocument } from '@shared/documents';
import type { PlanRequest } from '@shared/plans';
import { profileSchema } from '@shared/profile';
import * as v from 'valibot';
import { createDevices } from '../../devices';
import { MemoryPvs } from '../../devices/memoryPvs';
import { planOf, planWith } from '../plans/plans';
import { Engine, type Outcome, type StartRequest } from './engine';
import { MemorySink } from './memorySink';

export function bench(options: { seconds?: number; profile?: object } = {}) {
  const pv = new MemoryPvs();
  const m1 = pv.addMotor('M1', options);
  pv.add('I0', 10);
  pv.add('RING', 200, { units: 'mA' });
  pv.add('SHUTTER', 1);
  const sink = new MemorySink();
  const profile = v.parse(profileSchema, { name: 'test', ...options.profile });
  const devices = createDevices({ pv, profile: () => profile });
  const engine = new Engine({ devices, sink, watchPv: (name, listener) => pv.watch(name, listener), suspenders: () => profile.suspenders, planOf });
  const start = (request: PlanRequest, more: Partial<StartRequest> = {}): Promise<Outcome> => {
    const { steps, editing } = planWith(request);
    return engine.start({ plan: steps, editing, planName: request.plan, title: request.plan, points: null, user: 'tester', metadata: {}, ...more }).outcome;
  };
  return { pv, m1, sink, engine, start };
}
export const line = (num: number, stop = num - 1): PlanRequest => ({ plan: 'scan', args: { detectors: ['I0'], num, axes: [{ motor: 'M1', start: 0, stop }] } });

export function streams(documents: readonly RunDocument[]): Record<string, Record<string, unknown>[]> {
  const names = new Map<string, string>();
  const all: Record<string, Record<string, unknown>[]> = {};
  for (const { name, doc } of documents) {
    if (name === 'descriptor') names.set(doc.uid, doc.name);
    if (name === 'event') (all[names.get(doc.descriptor) ?? ''] ??= []).push({ ...doc.data });
  }
  return all;
}
export const places = (documents: readonly RunDocument[]): unknown[] => (streams(documents)['primary'] ?? []).map((data) => data['M1']);

export async function until(holds: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 8000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

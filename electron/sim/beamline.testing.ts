// A beamline under test: writes as a client would, and passes simulated time on.
import { Beamline } from './beamline';
import type { PvValue } from 'epics-ioc-connection';

export interface TestBeamline {
  readonly beamline: Beamline;
  get(name: string): PvValue;
  number(name: string): number;
  /** Starts a write; `done` turns true once it is completed. */
  write(name: string, value: PvValue): { done: boolean };
  /** Passes time, in steps of at most 50 ms, and lets promises settle between them. */
  pass(seconds: number): Promise<void>;
  /** All values that a PV had since, oldest first. */
  watch(name: string): PvValue[];
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export function testBeamline(seed = 7): TestBeamline {
  const beamline = new Beamline({ seed });
  const { records, clock } = beamline;
  return {
    beamline,
    get: (name) => records.get(name).value,
    number: (name) => records.get(name).number,
    write(name, value) {
      const state = { done: false };
      const result = records.get(name).definition.onWrite!(value);
      if (result) void result.then(() => void (state.done = true));
      else state.done = true;
      return state;
    },
    async pass(seconds) {
      const end = clock.now + seconds;
      while (clock.now < end - 1e-9) {
        clock.advance(Math.min(end, clock.now + 0.05));
        await settle();
      }
    },
    watch(name) {
      const values: PvValue[] = [];
      records.get(name).onChange(({ value }) => {
        if (value !== undefined) values.push(value);
      });
      return values;
    },
  };
}

import type { AppNotice } from '@shared/app';
import type { Profile } from '@shared/profile';
import { describe, expect, it } from 'vitest';
import { ControlSystem } from './controlSystem';
import type { PvNetwork } from './pv';
import type { ActiveProfile } from './settings/activeProfile';

const profile = (name: string): Profile => ({ name, devices: [], limits: [], suspenders: [] });
const simulation: ActiveProfile = { kind: 'simulation', path: null, profile: profile('Simulation') };
const facility: ActiveProfile = { kind: 'environment', path: null, profile: profile('EPICS variables') };

function system(options: { failStart?: string } = {}) {
  const log: string[] = [];
  const notices = new Map<string, AppNotice>();
  let fail: (error: Error) => void = () => undefined;
  let port = 4000;
  const control = new ControlSystem({
    environment: {},
    restartDelay: 0,
    simulatedNames: () => [],
    configure: async (network: PvNetwork) => { log.push(`configure ${network.profile} ${network.client.serverPort ?? ''}`.trim()); },
    startSimulation: async (failed) => {
      if (options.failStart !== undefined) throw new Error(options.failStart);
      fail = failed;
      port += 1;
      const caPort = port;
      log.push(`start ${caPort}`);
      return { caPort, udpPort: caPort, stop: async () => { log.push(`stop ${caPort}`); } };
    },
    notice: (id, notice) => {
      if (notice) notices.set(id, notice);
      else notices.delete(id);
    },
  });
  return { control, log, notices, failNow: (error: Error) => fail(error) };
}

describe('the control system in use', () => {
  it('starts the simulation before its PVs are searched for, and stops it after they moved elsewhere', async () => {
    const { control, log } = system();
    await control.use(simulation);
    await control.use(facility);
    expect(log).toEqual(['start 4001', 'configure Simulation 4001', 'configure EPICS variables', 'stop 4001']);
  });

  it('does one change at a time, and leaves out one that was overtaken', async () => {
    const { control, log } = system();
    await Promise.all([control.use({ ...simulation }), control.use(facility), control.use({ ...simulation })]);
    expect(log).toEqual(['start 4001', 'configure Simulation 4001']);
  });

  it('keeps a running simulation when its profile is asked for again', async () => {
    const { control, log } = system();
    await control.use(simulation);
    await control.use({ ...simulation });
    expect(log.filter((line) => line.startsWith('start'))).toHaveLength(1);
  });

  it('starts a simulation that ended by itself again, at its new port, and says so until then', async () => {
    const { control, log, notices, failNow } = system();
    await control.use(simulation);
    failNow(new Error('The simulated beamline ended.'));
    expect([...notices.values()].map((notice) => notice.message)).toEqual(['The simulated beamline ended. It is started again.']);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(log).toEqual(['start 4001', 'configure Simulation 4001', 'start 4002', 'configure Simulation 4002']);
    expect(notices.size).toBe(0);
  });

  it('fails where somebody waits for the change, else makes a notice of it; and goes on', async () => {
    const { control, log, notices } = system({ failStart: 'No port is free.' });
    await expect(control.use(simulation)).rejects.toThrow('No port is free.');
    expect(notices.size).toBe(0);
    await control.begin(simulation);
    expect([...notices.values()]).toEqual([{ id: 'control-system', level: 'error', message: 'No port is free.' }]);
    await control.use(facility);
    expect(log).toEqual(['configure EPICS variables']);
    expect(notices.size).toBe(0);
  });

  it('stops the simulation at the end, whatever is still to come', async () => {
    const { control, log } = system();
    await control.use(simulation);
    void control.use({ ...simulation });
    await control.dispose();
    await control.use(simulation);
    expect(log).toEqual(['start 4001', 'configure Simulation 4001', 'stop 4001']);
  });
});

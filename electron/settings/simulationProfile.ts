// The built-in profile of the simulated beamline: its devices. Where it listens is known only while it runs.
import { profileSchema, type Profile } from '@shared/profile';
import * as v from 'valibot';

export const simulationName = 'simulation';

const motors = [
  ['M1', 'sample x'], ['M2', 'sample y'], ['M3', 'sample z'], ['M4', 'sample rotation'],
  ['M5', 'sample tilt'], ['M6', 'detector distance'], ['M7', 'beam stop x'], ['M8', 'beam stop y'],
] as const;
const counters = [['I0', 'ion chamber before the sample'], ['I1', 'ion chamber beside the sample: fluorescence'], ['I2', 'ion chamber behind the sample: transmission']] as const;

export const simulationProfile: Profile = v.parse(profileSchema, {
  name: simulationName,
  description: 'The built-in simulated beamline. It runs on this machine and needs no control system.',
  devices: [
    ...motors.map(([name, description]) => ({ name, kind: 'motor', pv: `SIM:${name}`, description })),
    ...counters.map(([name, description]) => ({ name, kind: 'counter', pv: `SIM:${name}`, description })),
    { name: 'scaler1', kind: 'scaler', pv: 'SIM:SCALER1', description: 'scaler of the ion chambers' },
    { name: 'mca1', kind: 'mca', pv: 'SIM:MCA1', description: 'fluorescence spectrum, 2048 channels' },
    { name: 'det1', kind: 'camera', pv: 'SIM:DET1:', description: 'area detector, 1024 x 1024' },
  ],
});

// The eight motors of the simulated beamline. The sample starts aligned in M2, so that a scan of M1 alone shows its peak.
import { spot } from '../sample';
import type { SimContext } from '../simContext';
import type { MotorOptions } from './motorFields';
import { MotorRecord } from './motorRecord';

const millimetres = { units: 'mm', precision: 4, accelerationTime: 0.05 } as const;
const degrees = { units: 'deg', precision: 4, accelerationTime: 0.1 } as const;

const motors: readonly MotorOptions[] = [
  { name: 'SIM:M1', description: 'Sample x', position: 0, low: -10, high: 10, speed: 5, ...millimetres },
  { name: 'SIM:M2', description: 'Sample y', position: spot.m2, low: -10, high: 10, speed: 5, ...millimetres },
  { name: 'SIM:M3', description: 'Sample z', position: 0, low: -25, high: 25, speed: 5, ...millimetres },
  { name: 'SIM:M4', description: 'Sample rotation', position: 0, low: -180, high: 180, speed: 30, ...degrees },
  { name: 'SIM:M5', description: 'Sample tilt', position: 0, low: -20, high: 20, speed: 10, ...degrees },
  { name: 'SIM:M6', description: 'Detector distance', position: 80, low: 60, high: 500, speed: 50, ...millimetres, accelerationTime: 0.5 },
  { name: 'SIM:M7', description: 'Beam stop x', position: 0, low: -30, high: 30, speed: 5, ...millimetres },
  { name: 'SIM:M8', description: 'Beam stop y', position: 0, low: -30, high: 30, speed: 5, ...millimetres },
];

export interface Motors {
  /** Position in the motor's units; `number` is 1 to 8. */
  position(number: number): number;
}

export function createMotors(context: SimContext): Motors {
  const records = motors.map((options) => new MotorRecord(context, options));
  return { position: (number) => records[number - 1]!.position };
}

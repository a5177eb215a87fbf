// Every experiment of the lab, in the order in which `lab run all` runs them. A new one is a file of this folder and a line here.
import { callbacks } from './callbacks';
import type { Experiment } from './experiment';
import { hog } from './hog';
import { hpc } from './hpc';
import { interleave } from './interleave';
import { polling } from './polling';
import { race } from './race';
import { sleep0 } from './sleep0';
import { speedup } from './speedup';
import { switchInterval } from './switchInterval';
import { ui } from './ui';
import { waiting } from './waiting';

export const experiments: readonly Experiment[] = [interleave, speedup, race, sleep0, switchInterval, hog, polling, waiting, callbacks, hpc, ui];

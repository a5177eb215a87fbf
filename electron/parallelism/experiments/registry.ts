// Every experiment of the lab, in the order in which `lab run all` runs them. A new one is a file of this folder and a line here.
import type { Experiment } from './experiment';
import { interleave } from './interleave';
import { speedup } from './speedup';

export const experiments: readonly Experiment[] = [interleave, speedup];

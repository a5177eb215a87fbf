// Every job that the pool can do, by name. A new one: its types in shared/compute.ts, its function here, its test beside it.
import type { ComputeJob, JobName } from '@shared/compute';
import { peakStatistics } from './peakStatistics';

export const jobs: { readonly [J in JobName]: ComputeJob<J> } = {
  peakStatistics,
};

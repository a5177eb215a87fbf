// Every job that the pool can do, by name. A new one: its types in shared/compute.ts, its function here, its test beside it.
import type { ComputeJob, JobName } from '@shared/compute';
import { azimuthalIntegration } from './azimuthalIntegration';
import { correlation } from './correlation';
import { fft, powerSpectrum } from './fft';
import { frameStatistics, regionSums } from './frameStatistics';
import { stackIntegration, stackRegionSums, stackStatistics } from './frameStack';
import { peakFit, peakFits } from './peakFit';
import { peakStatistics } from './peakStatistics';
import { regrid } from './regrid';
import { snipBackground, xrfMap } from './spectrum';
import { userFunction } from './userFunction';

export const jobs: { readonly [J in JobName]: ComputeJob<J> } = {
  peakStatistics, peakFit, peakFits, powerSpectrum, frameStatistics, regionSums, azimuthalIntegration, stackStatistics, stackRegionSums, stackIntegration, xrfMap, regrid, correlation, userFunction,
  fft: ({ re, im }) => fft(re, im),
  background: snipBackground,
};

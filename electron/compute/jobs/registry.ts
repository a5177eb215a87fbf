// Every job that the pool can do, by name. A new one: its types in shared/compute.ts, its function here, its test beside it.
import type { ComputeJobs, JobContext } from '@shared/compute';
import { describeFile, listFile, readNumbers, type FileJobs } from '../files/fileJobs';
import { runFunction, type FunctionContext } from '../functions/functionProcess';
import { azimuthalIntegration } from './azimuthalIntegration';
import { correlation, correlationPart, type CorrelationPart, type CorrelationPartInput } from './correlation';
import { fft, powerSpectrum } from './fft';
import { frameStatistics, regionSums } from './frameStatistics';
import { stackIntegration, stackRegionSums, stackStatistics } from './frameStack';
import { peakFit, peakFits } from './peakFit';
import { peakStatistics } from './peakStatistics';
import { regrid } from './regrid';
import { snipBackground, xrfMap } from './spectrum';

/** The users' jobs, and those that only the pool itself asks for: a part of another one, or a look into a file. */
export interface PoolJobs extends ComputeJobs, FileJobs {
  correlationPart: { input: CorrelationPartInput; output: CorrelationPart };
}
export type PoolJobName = keyof PoolJobs;
export type PoolInput<J extends PoolJobName> = PoolJobs[J]['input'];
export type PoolOutput<J extends PoolJobName> = PoolJobs[J]['output'];
/** What a worker gives to its job. */
export type PoolContext = JobContext & FunctionContext;
type Job<J extends PoolJobName> = (input: PoolInput<J>, context: PoolContext) => PoolOutput<J> | Promise<PoolOutput<J>>;
/** Any of them, where its input has been read already. */
export type PoolJob = (input: unknown, context: PoolContext) => unknown;

export const jobs: { readonly [J in PoolJobName]: Job<J> } = {
  peakStatistics, peakFit, peakFits, powerSpectrum, frameStatistics, regionSums, azimuthalIntegration, stackStatistics, stackRegionSums, stackIntegration, xrfMap, regrid,
  correlation, correlationPart, describeFile, listFile, readNumbers,
  fft: ({ re, im }) => fft(re, im),
  background: snipBackground,
  userFunction: runFunction,
};

/** Done in well under a millisecond where their input is small. */
export const lightJobs: ReadonlySet<PoolJobName> = new Set<PoolJobName>(['peakStatistics', 'peakFit', 'background', 'powerSpectrum', 'fft', 'regionSums']);

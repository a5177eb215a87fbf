// `endstation get`: asks for values, prints a line a PV in the order given.
import { toErrorData } from '@shared/errors';
import type { PvState } from '@shared/pv';
import { readArguments } from './arguments';
import { UsageError, type CliCommand } from './command';
import { missingLine, pvLine, pvText, type ValueForm } from './pvLine';

export const command: CliCommand = {
  name: 'get',
  summary: 'Reads PVs, one line each.',
  usage: ['endstation get PV... [--timeout 3] [--count n] [--as string|number|native]'],
  async run(args, io) {
    const { positionals: pvs, options } = readArguments(args, { timeout: 'seconds', count: 'integer', as: 'text' });
    if (pvs.length === 0) throw new UsageError('Name at least one PV.');
    if (options.count !== undefined && options.count < 0) throw new UsageError('--count is at least 0.');
    const form = valueForm(options.as);
    const access = await io.openPvs();
    const request = {
      timeout: options.timeout ?? 3, signal: io.signal, ...(options.count === undefined ? {} : { count: options.count }),
    };
    const read = async (pv: string): Promise<PvState> => {
      const state = await access.read(pv, request);
      // The IOC formats numbers itself; texts in CHAR waveforms and states of enums are ours to make.
      const byServer = form === 'string' && state.type !== 'CHAR' && state.type !== 'ENUM' && state.type !== 'STRING';
      return byServer ? { ...state, value: (await access.read(pv, { ...request, as: 'string' })).value } : state;
    };
    const readings = pvs.map((pv) => read(pv).then((state) => ({ state }), (error: unknown) => ({ error: toErrorData(error) })));
    let failed = 0;
    for (const [i, reading] of readings.entries()) {
      const result = await reading;
      if (io.signal.aborted) return 1;
      if ('state' in result) {
        if (io.json) io.outJson(pvLine(result.state, form));
        else io.out(pvText(result.state, form));
        continue;
      }
      failed += 1;
      if (io.json) io.outJson(missingLine(pvs[i] ?? '', result.error));
      else io.err(result.error.message);
    }
    return failed === 0 ? 0 : 1;
  },
};

export function valueForm(text: string | undefined): ValueForm {
  if (text === undefined || text === 'native') return 'native';
  if (text === 'string' || text === 'number') return text;
  throw new UsageError(`--as takes string, number or native, not "${text}".`);
}

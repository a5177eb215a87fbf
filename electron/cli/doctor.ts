// `endstation doctor`: what this machine has, and who answers. A line a check; `level` problem makes it fail.
import { toErrorData } from '@shared/errors';
import { readArguments } from './arguments';
import type { CliCommand } from './command';
import { checkLabRuntimes } from './labChecks';
import { checkFolders, checkInterpreters, checkPorts, checkProfile, checkRuntime, type Finding } from './machineChecks';
import { NetworkReport } from './networkReport';

const marks = { ok: 'ok     ', note: 'note   ', problem: 'PROBLEM' } as const;

export const command: CliCommand = {
  name: 'doctor',
  summary: 'Looks at this machine: Electron runtime, interpreters, folders, ports, EPICS settings, and who answers for PVs.',
  usage: ['endstation doctor [PV...] [--timeout 3]'],
  async run(args, io) {
    const { positionals: pvs, options } = readArguments(args, { timeout: 'seconds' });
    let problems = 0;
    const tell = (finding: Finding): void => {
      if (finding.level === 'problem') problems += 1;
      if (io.json) io.outJson(finding);
      else io.out(`${marks[finding.level]} ${finding.check.padEnd(12)} ${finding.message}`);
    };
    tell(checkRuntime(io.environment, io.paths));
    for (const check of [checkInterpreters(io.signal), checkLabRuntimes(io.paths, io.environment), checkFolders(io.paths), checkPorts()]) {
      for (const finding of await check) tell(finding);
      if (io.signal.aborted) return 1;
    }
    try {
      for (const finding of checkProfile(io.profile(), io.environment)) tell(finding);
    } catch (error) {
      tell({ check: 'profile', level: 'problem', message: toErrorData(error).message });
      return 1;
    }
    if (pvs.length > 0) {
      const network = new NetworkReport();
      const access = await io.openPvs((event) => network.add(event));
      const asked = pvs.map((pv) => access.info(pv, { timeout: options.timeout ?? 3 }).then((info): Finding => {
        const twice = info.duplicates.length > 0;
        const who = twice ? `${info.host} answers, and so does ${info.duplicates.join(', ')}: which one you get is chance. Rename one.` : `${info.host} answers after ${info.searchTime.toFixed(1)} ms.`;
        return { check: 'pv', level: twice ? 'problem' : 'ok', message: `${pv}: ${who}`, pv, host: info.host, searchTime: info.searchTime, alsoAnswered: info.duplicates };
      }, (error: unknown): Finding => ({ check: 'pv', level: 'problem', message: toErrorData(error).message, pv, error: toErrorData(error) })));
      for (const finding of asked) tell(await finding);
      for (const finding of network.findings()) tell(finding);
    }
    return problems === 0 ? 0 : 1;
  },
};

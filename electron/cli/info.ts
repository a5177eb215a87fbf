// `endstation info`: what a PV is, and who serves it.
import { toErrorData } from '@shared/errors';
import type { PvInfo } from '@shared/pv';
import { readArguments } from './arguments';
import { UsageError, type CliCommand } from './command';
import { missingLine } from './pvLine';

export const command: CliCommand = {
  name: 'info',
  summary: 'Says what PVs are and who serves them: type, count, access, server, circuit, TLS, search time, who else answered.',
  usage: ['endstation info PV... [--timeout 3]'],
  async run(args, io) {
    const { positionals: pvs, options } = readArguments(args, { timeout: 'seconds' });
    if (pvs.length === 0) throw new UsageError('Name at least one PV.');
    const access = await io.openPvs();
    const asked = pvs.map((pv) => access.info(pv, { timeout: options.timeout ?? 3 }).then((info) => ({ info }), (error: unknown) => ({ error: toErrorData(error) })));
    let failed = 0;
    for (const [i, answer] of asked.entries()) {
      const result = await answer;
      if (io.signal.aborted) return 1;
      if ('info' in result) {
        if (io.json) io.outJson(infoLine(result.info));
        else for (const line of infoText(result.info)) io.out(line);
        continue;
      }
      failed += 1;
      if (io.json) io.outJson(missingLine(pvs[i] ?? '', result.error));
      else io.err(result.error.message);
    }
    return failed === 0 ? 0 : 1;
  },
};

/** `searchTime` in milliseconds; `alsoAnswered`: other servers that have a PV of this name; `tls`: null where the connection is not secured. */
export function infoLine(info: PvInfo): Record<string, unknown> {
  const { pv, protocol, type, count, access, host, searchTime, duplicates, minorVersion, tls = null } = info;
  const circuit = protocol === 'ca' ? { circuit: { address: host, priority: 0, version: `4.${minorVersion ?? 0}` } } : {};
  return { pv, connected: true, protocol, type, count, access, host, ...circuit, ...(protocol === 'pva' ? { tls } : {}), searchTime, alsoAnswered: duplicates };
}

/** By pvAccess an array may have any length: its count is 0. */
function elements(count: number): string {
  return count === 0 ? 'any number of elements' : `${count} element${count === 1 ? '' : 's'}`;
}

function infoText(info: PvInfo): string[] {
  const rights = info.access.write ? 'read and write' : info.access.read ? 'read only' : 'none';
  return [
    info.pv,
    `  type          ${info.type}, ${elements(info.count)}`,
    `  access        ${rights}`,
    `  server        ${info.host}${info.minorVersion === undefined ? '' : `, Channel Access 4.${info.minorVersion}`}`,
    ...(info.protocol === 'pva' ? [`  secured       ${info.tls ? `by TLS: ${info.tls.peer ?? 'a server without a name'}, of the authority ${info.tls.authority ?? 'unknown'}; it knows you by ${info.tls.method}` : 'no'}`] : []),
    `  search time   ${info.searchTime.toFixed(1)} ms`,
    `  also answered ${info.duplicates.length === 0 ? 'nobody' : info.duplicates.join(', ')}`,
  ];
}

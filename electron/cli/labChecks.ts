// What `endstation doctor` says of the lab: each of its runtimes with its version, or what to install.
import { Lab } from '../parallelism/lab';
import type { Paths } from '../room';
import type { Finding } from './machineChecks';

export async function checkLabRuntimes(paths: Paths, environment: Readonly<Record<string, string | undefined>>): Promise<Finding[]> {
  const lab = new Lab({ paths, environment });
  const runtimes = (await lab.runtimes()).map(({ info }): Finding => (info.available
    ? { check: 'lab', level: 'ok', message: `${info.title}: ${info.version ?? ''} (${info.path ?? ''}).`, name: info.id, version: info.version ?? '', path: info.path ?? '' }
    : { check: 'lab', level: 'note', message: `${info.title}: not on this machine. ${info.missing ?? ''}`, name: info.id }));
  const { state, folder } = await lab.venv.state();
  const own: Finding = state === 'ready'
    ? { check: 'lab', level: 'ok', message: `The lab has a Python environment of its own in ${folder}.`, name: 'environment', path: folder }
    : { check: 'lab', level: 'note', message: 'The lab has no Python environment of its own: endstation lab setup makes one with what its Python experiments need.', name: 'environment' };
  return [...runtimes, own];
}

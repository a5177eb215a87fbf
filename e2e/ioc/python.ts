// The Python that has the EPICS peers (epicscorelibs, pyepics, caproto): made by `npm test`, or named by ENDSTATION_PYTHON.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The path of the interpreter. Throws with what to do when there is none. */
export function peerPython(): string {
  const named = process.env['ENDSTATION_PYTHON'];
  if (named) return named;
  const cache = join(homedir(), '.cache', 'endstation-dev');
  const found = (existsSync(cache) ? readdirSync(cache) : [])
    .filter((name) => name.startsWith('venv'))
    .map((name) => join(cache, name, 'bin', 'python'))
    .filter((path) => existsSync(path))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  const [newest] = found;
  if (!newest) throw new Error('No Python with the EPICS peers was found: run `npm test` once, or set ENDSTATION_PYTHON.');
  return newest;
}

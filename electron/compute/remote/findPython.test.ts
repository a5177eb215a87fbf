// Which interpreter and which mpiexec do a job: of the PATH, named, or the lab's own, as shell scripts that answer as they do.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Lab } from '../../parallelism/lab';
import { findPython, mpiexecFor } from './findPython';

let folder = '';
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'endstation-python-')); });
afterEach(() => rm(folder, { recursive: true }));

async function program(place: string, name: string, text = ''): Promise<string> {
  await mkdir(join(folder, place), { recursive: true });
  const file = join(folder, place, name);
  await writeFile(file, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return file;
}
const pythonWithout = (place: string, name: string, ...modules: string[]) => program(place, name, `echo '${JSON.stringify(modules)}'`);
const path = (...places: string[]) => ({ PATH: places.map((place) => join(folder, place)).join(delimiter) });
const none = () => Promise.resolve(null);

describe.runIf(process.platform !== 'win32')('findPython', () => {
  it('takes the first of the PATH that has what is needed, before the lab\'s own', async () => {
    await pythonWithout('bin', 'python3', 'distributed');
    const python = await pythonWithout('bin', 'python');
    const lab = await pythonWithout('lab', 'python');
    expect(await findPython('dask', path('bin'), () => Promise.resolve(lab))).toBe(python);
  });

  it('takes the environment that `lab setup` made, where those of the PATH have it not, or there are none', async () => {
    const paths = { workers: folder, resources: folder, user: join(folder, 'user') };
    const lab = new Lab({ paths, environment: {} });
    const own = await pythonWithout('user/lab/venv/bin', 'python');
    await pythonWithout('bin', 'python3', 'mpi4py');
    // One that was only half made has no list of its packages.
    await expect(findPython('mpi', path('bin'), () => lab.venv.python())).rejects.toMatchObject({ code: 'REMOTE_UNAVAILABLE' });
    await writeFile(join(folder, 'user/lab/venv/lab.json'), '{"packages": {"numpy": "2.0.0"}}');
    expect(await findPython('mpi', path('bin'), () => lab.venv.python())).toBe(own);
    expect(await findPython('mpi', path('nowhere'), () => lab.venv.python())).toBe(own);
  });

  it('takes the named one and no other, and says what each has not', async () => {
    const named = await pythonWithout('named', 'python', 'numpy', 'mpi4py');
    const lab = await pythonWithout('lab', 'python');
    await expect(findPython('mpi', { ...path('lab'), ENDSTATION_PYTHON: named }, () => Promise.resolve(lab)))
      .rejects.toMatchObject({ code: 'REMOTE_UNAVAILABLE', message: expect.stringContaining(`${named} has no numpy and no mpi4py. Install what is missing`) as string });
    await expect(findPython('mpi', path('nowhere'), none)).rejects.toMatchObject({ message: expect.stringContaining('there is no python3 on the PATH') as string });
  });

  it('says to install Python first where there is none, and MPI with it where that is missing too', async () => {
    const told = (kind: 'dask' | 'mpi', environment: Record<string, string>) => findPython(kind, environment, none).then(() => '', (error: Error) => error.message);
    const python = 'Install Python 3.7 or later (Debian, Ubuntu: sudo apt install python3; macOS, Windows: python.org), or name one in ENDSTATION_PYTHON; then what the job needs (python3 -m pip install ';
    const mpi = 'There is no mpiexec on the PATH either. Install an MPI (Debian, Ubuntu: sudo apt install openmpi-bin), or load your cluster\'s MPI module.';
    expect(await told('dask', path('nowhere'))).toBe(`The job was not started: there is no python3 on the PATH. ${python}numpy 'dask[distributed]', or in an environment of its own: endstation lab setup).`);
    expect(await told('mpi', path('nowhere'))).toBe(`The job was not started: there is no python3 on the PATH. ${python}numpy mpi4py, or in an environment of its own: endstation lab setup). ${mpi}`);
    const broken = await program('broken', 'python3', 'exit 1');
    expect(await told('dask', path('broken'))).toContain(`${broken} can't be run. ${python}`);
    const without = await pythonWithout('bin', 'python3', 'mpi4py');
    expect(await told('mpi', path('broken', 'bin'))).toMatch(/can't be run\. Install Python/);
    expect(await told('mpi', path('bin'))).toBe(`The job was not started: ${without} has no mpi4py. Install what is missing (python3 -m pip install numpy mpi4py, or in an environment of its own: endstation lab setup), or name another Python in ENDSTATION_PYTHON. ${mpi}`);
    await program('bin', 'mpiexec');
    expect(await told('mpi', path('bin'))).not.toContain('no mpiexec');
    expect(await told('mpi', { ...path('nowhere'), ENDSTATION_PYTHON: without })).not.toContain('no mpiexec');
    expect(await told('dask', { ...path('nowhere'), ENDSTATION_PYTHON: broken })).toContain(`${broken} can't be run. Name another Python in ENDSTATION_PYTHON, or unset it: the python3 of the PATH is taken then; then what`);
  });
});

describe.runIf(process.platform !== 'win32')('mpiexecFor', () => {
  it('is the one beside an interpreter of its own, else the first of the PATH', async () => {
    const [first, beside] = [await program('module', 'mpiexec'), await program('lab', 'mpiexec')];
    await program('bin', 'mpiexec');
    expect(await mpiexecFor(path('module', 'bin'), join(folder, 'lab', 'python'))).toBe(beside);
    expect(await mpiexecFor(path('module', 'bin'), join(folder, 'bin', 'python3'))).toBe(first);
    expect(await mpiexecFor(path('module', 'bin'), join(folder, 'elsewhere', 'python'))).toBe(first);
    expect(await mpiexecFor(path('nowhere'), null)).toBeNull();
  });
});

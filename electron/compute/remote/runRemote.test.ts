import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runRemote } from './runRemote';

it.runIf(process.platform !== 'win32')('is cancelled at once while it still looks whether a Python has what is needed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'endstation-remote-'));
  const python = join(folder, 'python');
  await writeFile(python, '#!/bin/sh\nexec sleep 15\n', { mode: 0o755 });
  const stop = new AbortController();
  const job = runRemote({ kind: 'dask', address: 'tcp://127.0.0.1:1' }, 'fft', { re: Float64Array.of(1), im: Float64Array.of(0) }, { python: folder, environment: { ...process.env, ENDSTATION_PYTHON: python }, labPython: () => Promise.resolve(null) }, { signal: stop.signal });
  setTimeout(() => stop.abort(), 100);
  await expect(job).rejects.toMatchObject({ code: 'JOB_CANCELLED' });
  await rm(folder, { recursive: true });
});

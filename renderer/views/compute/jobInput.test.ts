import { jobDescriptions } from '@shared/computeForms';
import { jobNames, readJobInput } from '@shared/computeSchemas';
import { describe, expect, it } from 'vitest';
import { jobInput, placeOf } from './jobInput';

const initial = (name: string) => {
  const job = jobDescriptions.find((one) => one.name === name);
  if (!job) throw new Error(`no form for ${name}`);
  const texts = Object.fromEntries(job.fields.map((field) => [field.name, field.initial ?? (field.kind === 'integer' ? '2' : '')]));
  const arrays = Object.fromEntries(job.fields.filter(({ kind, needed }) => kind === 'numbers' && needed).map((field) => [field.name, Float64Array.of(1, 2, 3, 4)]));
  return { job, texts, arrays };
};

describe('the forms of the compute jobs', () => {
  it.each([...jobNames])('%s: its form makes what its schema accepts', (name) => {
    const { job, texts, arrays } = initial(name);
    expect(() => readJobInput(name, jobInput(job, texts, arrays))).not.toThrow();
  });

  it('nests what belongs together and leaves out what is empty', () => {
    const { job, texts, arrays } = initial('azimuthalIntegration');
    const input = jobInput(job, { ...texts, 'geometry.distance': '0.25', low: ' ' }, arrays);
    expect(input).toMatchObject({ geometry: { distance: 0.25, pixel1: 1e-4 }, bins: 500 });
    expect(input).not.toHaveProperty('low');
  });

  it('says which field can not be read', () => {
    const { job, texts, arrays } = initial('powerSpectrum');
    expect(() => jobInput(job, { ...texts, sampleRate: 'fast' }, arrays)).toThrow('Sample rate: "fast" is not a number.');
  });
});

describe('where a job is done', () => {
  it('takes a scheduler\'s address as the documents and as Dask write it', () => {
    for (const address of ['127.0.0.1:8786', ' dask://127.0.0.1:8786 ', 'tcp://127.0.0.1:8786', 'DASK://127.0.0.1:8786']) expect(placeOf('dask', address)).toBe('dask://127.0.0.1:8786');
    expect([placeOf('threads', 'dask://x:1'), placeOf('mpi', '')]).toEqual(['threads', 'mpi']);
  });
});

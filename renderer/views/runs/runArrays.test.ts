import type { DataKey } from '@shared/documents';
import { describe, expect, it } from 'vitest';
import { arraysOf, pictureOf, spectrumOf } from './runArrays';

const array = (name: string, shape: number[], more: Partial<DataKey> = {}): DataKey => ({ source: 's', dtype: 'array', shape, object_name: name, external: 'FILESTORE:', units: 'counts', ...more });

describe('the arrays of a run', () => {
  it('are titled by their device, by their key where it has several; plain data and texts are none', () => {
    const dataKeys = {
      x: { source: 's', dtype: 'number', shape: [] } as DataKey, DET_image: array('SIM:DET1', [2, 3]), names: { source: 's', dtype: 'array', shape: [2] } as DataKey,
      M_one: array('MCA', [1024]), M_two: array('MCA', [1024]),
    };
    expect(arraysOf({ dataKeys })).toEqual([
      { key: 'DET_image', title: 'Image: SIM:DET1', units: 'counts' }, { key: 'M_one', title: 'Spectrum: M_one', units: 'counts' }, { key: 'M_two', title: 'Spectrum: M_two', units: 'counts' },
    ]);
  });

  it('are pictures, rows first, or lines over their channels', () => {
    const values = Uint16Array.of(1, 2, 3, 4, 5, 6);
    expect(pictureOf({ shape: [2, 3], values })).toEqual({ pixels: values, width: 3, height: 2 });
    expect(pictureOf({ shape: [1, 2, 3], values })).toMatchObject({ width: 3, height: 2 });
    expect(pictureOf({ shape: [6], values })).toBeNull();
    expect(pictureOf({ shape: [3, 3], values })).toBeNull();
    expect(spectrumOf({ shape: [6], values }, 'MCA', 'counts')).toMatchObject({ x: { name: 'channel', values: Float64Array.of(0, 1, 2, 3, 4, 5) }, ys: [{ name: 'MCA', units: 'counts', values: Float64Array.from(values) }], newest: 5 });
  });
});

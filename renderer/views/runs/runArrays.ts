// Which of a run's data are images and spectra, and how one is shown.
import type { DataKey, RunData } from '@shared/documents';
import type { RunFrame } from '@shared/frames';
import type { Picture } from '../../plot/pixels';
import type { PlotData } from '../../plot/plotColumns';

export interface RunArray { readonly key: string; readonly title: string; readonly units: string }

/** In the order of the data; titled by their device, and by their key where it has several. */
export function arraysOf({ dataKeys }: Pick<RunData, 'dataKeys'>): readonly RunArray[] {
  const stored = Object.entries(dataKeys).filter(([, { dtype, external }]) => dtype === 'array' && external !== undefined);
  const ownerOf = (key: string, { object_name: name }: DataKey): string => name ?? key;
  return stored.map(([key, about]) => {
    const owner = ownerOf(key, about);
    const alone = stored.filter(([other, of]) => ownerOf(other, of) === owner).length === 1;
    return { key, title: `${about.shape.length > 1 ? 'Image' : 'Spectrum'}: ${alone ? owner : key}`, units: about.units ?? '' };
  });
}

/** null: no picture. Of one with several planes (colours) the first. */
export function pictureOf({ shape, values }: RunFrame): Picture | null {
  if (shape.length < 2) return null;
  const [height = 0, width = 0] = shape.slice(-2);
  return width * height > 0 && values.length >= width * height ? { pixels: values, width, height } : null;
}

/** A spectrum as a line over its channels. */
export function spectrumOf({ values }: RunFrame, name: string, units: string): PlotData {
  return {
    x: { name: 'channel', units: '', values: Float64Array.from(values, (_, channel) => channel) }, ys: [{ name, units, values: Float64Array.from(values) }], newest: values.length - 1,
  };
}

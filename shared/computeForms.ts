// The compute jobs in words: titles, and the fields of their forms. A new job gets a row here and a schema in computeSchemas.ts.
import type { JobDescription, JobField } from './computeTasks';

type More = Partial<Pick<JobField, 'unit' | 'initial' | 'choices'>>;
const field = (kind: JobField['kind'], name: string, label: string, doc: string, more: More = {}): JobField => ({ kind, name, label, doc, needed: true, ...more });
const optional = (one: JobField): JobField => ({ ...one, needed: false });

const curve = [
  field('numbers', 'x', 'x', 'Positions, as many as y.'),
  field('numbers', 'y', 'y', 'Values, as many as x.'),
];
const frame = [
  field('numbers', 'data', 'Frame', 'Values of all pixels, row after row.'),
  field('integer', 'width', 'Width', 'Pixels in a row.', { unit: 'pixels' }),
  field('integer', 'height', 'Height', 'Rows.', { unit: 'pixels' }),
  optional(field('numbers', 'mask', 'Mask', 'As many values as pixels; 1: the pixel is left out.')),
];
const stack = [field('numbers', 'data', 'Frames', 'One frame after the other, each row after row: all frames of a run, or of a file.'), ...frame.slice(1)];
const shape = field('choice', 'shape', 'Shape', 'The function that is fitted.', { choices: ['gauss', 'lorentz', 'pseudoVoigt', 'step'], initial: 'gauss' });
const regions = field('rows', 'regions', 'Regions', 'A region a row: [{"x", "y", "width", "height"}], pixels.', { initial: '[{"x": 0, "y": 0, "width": 10, "height": 10}]' });
const metres = (name: string, label: string, doc: string, initial: string) => field('number', `geometry.${name}`, label, doc, { unit: 'm', initial });
const angle = (name: string, label: string, doc: string) => optional(field('number', `geometry.${name}`, label, doc, { unit: 'rad' }));

const integration = [
  field('integer', 'bins', 'Bins', 'Points of the curve.', { initial: '500' }),
  metres('distance', 'Distance', 'Sample to the point of normal incidence.', '0.1'), metres('poni1', 'PONI 1', 'Along the rows\' axis (slow).', '0'), metres('poni2', 'PONI 2', 'Along the columns\' axis (fast).', '0'),
  metres('pixel1', 'Pixel 1', 'Height of a pixel.', '1e-4'), metres('pixel2', 'Pixel 2', 'Width of a pixel.', '1e-4'),
  angle('rot1', 'Tilt 1', 'About the slow axis.'), angle('rot2', 'Tilt 2', 'About the fast axis.'), angle('rot3', 'Tilt 3', 'About the beam.'),
  optional(field('number', 'low', 'From', 'Two theta; empty: all that the frame sees.', { unit: '°' })), optional(field('number', 'high', 'To', 'Two theta.', { unit: '°' })),
];

export const jobDescriptions: readonly JobDescription[] = [
  { name: 'peakStatistics', title: 'Peak statistics', doc: 'Maximum, centre of mass, middle and width at half height of a curve.', remote: false, fields: curve },
  {
    name: 'peakFit', title: 'Peak fit', doc: 'Fits one peak or step on a straight background, with the error of each parameter.', remote: false,
    fields: [...curve, shape],
  },
  {
    name: 'peakFits', title: 'Peak fits of many curves', doc: 'The same fit for every curve of a set over one x: each parameter as an array.', remote: false,
    fields: [field('numbers', 'x', 'x', 'Positions, the same for all curves.'), field('numbers', 'y', 'Curves', 'One curve after the other, as many values each as x has.'), shape],
  },
  {
    name: 'powerSpectrum', title: 'Power spectrum', doc: 'How much of a signal lies at each frequency.', remote: false,
    fields: [
      field('numbers', 'y', 'Signal', 'Samples at equal times.'), field('number', 'sampleRate', 'Sample rate', 'Samples a second.', { unit: 'Hz', initial: '1' }),
      optional(field('choice', 'window', 'Window', 'Hann keeps a strong line from spreading over its neighbours.', { choices: ['none', 'hann'], initial: 'none' })),
    ],
  },
  {
    name: 'fft', title: 'Fourier transform', doc: 'Discrete Fourier transform, unscaled, as NumPy\'s fft.', remote: true,
    fields: [field('numbers', 're', 'Real part', 'The signal.'), optional(field('numbers', 'im', 'Imaginary part', 'As many values; 0 where it is left out.'))],
  },
  {
    name: 'background', title: 'Background', doc: 'The background under the lines of a spectrum (SNIP).', remote: false,
    fields: [field('numbers', 'counts', 'Spectrum', 'Counts of each channel.'), field('integer', 'halfWidth', 'Half width', 'As wide as the broadest line.', { unit: 'channels', initial: '20' })],
  },
  {
    name: 'frameStatistics', title: 'Frame statistics', doc: 'Sum, mean, deviation, extremes, centroid and histogram of a frame.', remote: true,
    fields: [...frame, optional(field('integer', 'histogram.bins', 'Histogram', 'Bins between the lowest and the highest value; empty for none.', { unit: 'bins', initial: '100' }))],
  },
  {
    name: 'regionSums', title: 'Region sums', doc: 'Sum, mean and maximum of regions of a frame.', remote: false,
    fields: [...frame, regions],
  },
  {
    name: 'azimuthalIntegration', title: 'Azimuthal integration', doc: 'A frame to a curve over the scattering angle; geometry as pyFAI\'s.', remote: true,
    fields: [...frame, ...integration],
  },
  { name: 'stackStatistics', title: 'Statistics of a stack', doc: 'Sum, mean, deviation, extremes and centroid of every frame of a stack.', remote: false, fields: stack },
  { name: 'stackRegionSums', title: 'Region sums of a stack', doc: 'Sum, mean and maximum of regions, for every frame of a stack.', remote: false, fields: [...stack, regions] },
  { name: 'stackIntegration', title: 'Azimuthal integration of a stack', doc: 'Every frame of a stack to a curve over the scattering angle.', remote: false, fields: [...stack, ...integration] },
  {
    name: 'xrfMap', title: 'XRF map', doc: 'Net counts of each line at each point of a map, from a spectrum a point.', remote: false,
    fields: [
      field('numbers', 'spectra', 'Spectra', 'One spectrum after the other.'), field('integer', 'channels', 'Channels', 'Of one spectrum.', { unit: 'channels' }),
      field('rows', 'lines', 'Lines', 'A line a row: [{"name", "first", "last"}], channels.', { initial: '[{"name": "Fe Ka", "first": 630, "last": 650}]' }),
      optional(field('integer', 'backgroundHalfWidth', 'Background', 'Half width in channels; empty: none is taken off.', { unit: 'channels' })),
    ],
  },
  {
    name: 'regrid', title: 'Regrid', doc: 'Points measured anywhere in a plane, brought onto a regular grid.', remote: false,
    fields: [
      ...curve.map((one) => ({ ...one, doc: 'Positions.' })), field('numbers', 'value', 'Value', 'What was measured there.'),
      field('integer', 'columns', 'Columns', 'Of the grid.', { initial: '20' }), field('integer', 'rows', 'Rows', 'Of the grid.', { initial: '20' }),
    ],
  },
  {
    name: 'correlation', title: 'Correlation (XPCS)', doc: 'Intensity correlation g2 of a series of frames.', remote: true,
    fields: [
      field('numbers', 'frames', 'Frames', 'One frame after the other.'), field('integer', 'pixels', 'Pixels', 'Of one frame.'),
      optional(field('integer', 'maxLag', 'Largest lag', 'Empty: half the series.', { unit: 'frames' })),
    ],
  },
  {
    name: 'userFunction', title: 'Own function', doc: 'JavaScript of your own on the input: no files, no network, a time limit.', remote: false,
    fields: [
      field('source', 'source', 'Body of function (input)', 'Return numbers, arrays or an object of them.', { initial: 'const y = input.y ?? [1, 2, 3];\nconst sum = y.reduce((a, b) => a + b, 0);\nreturn { mean: sum / y.length, doubled: y.map((v) => 2 * v) };' }),
      optional(field('numbers', 'input.y', 'input.y', 'An array for the function.')), optional(field('numbers', 'input.x', 'input.x', 'Another one.')),
      optional(field('number', 'seconds', 'Time limit', 'It is stopped after that.', { unit: 's', initial: '10' })),
    ],
  },
];

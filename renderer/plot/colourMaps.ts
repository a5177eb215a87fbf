// The colours of images and maps: even in brightness, and legible to colour-blind eyes. Viridis and magma: van der Walt and Smith, 2015; cividis: Nuñez et al., 2018.

/** Colours at even distances; what lies between is interpolated. */
const stops = {
  viridis: '440154 481a6c 472f7d 414487 39568c 31688e 2a788e 23888e 1f988b 22a884 35b779 54c568 7ad151 a5db36 d2e21b fde725',
  cividis: '00204d 00336f 39486b 575c6d 707173 8a8779 a69d75 c4b56c e4cf5b ffea46',
  magma: '000004 0b0724 20114b 3b0f70 57157e 721f81 8c2981 a8327d c43c75 de4968 f1605d fa7f5e fe9f6d febf84 fddea0 fcfdbf',
  grey: '000000 ffffff',
} as const;

export type ColourMap = keyof typeof stops;
export const colourMaps = Object.keys(stops) as readonly ColourMap[];

type Rgb = readonly [number, number, number];
const parsed = new Map(Object.entries(stops).map(([name, text]) => [
  name, text.split(' ').map((hex): Rgb => [parseInt(hex.slice(0, 2), 16), parseInt(hex.slice(2, 4), 16), parseInt(hex.slice(4, 6), 16)]),
]));

/** Red, green, blue from 0 to 255 for a part from 0 to 1; beyond, the end's. */
export function colourAt(map: ColourMap, part: number): [number, number, number] {
  const own = parsed.get(map) ?? [];
  const at = Math.min(Math.max(part, 0), 1) * (own.length - 1);
  const from = own[Math.floor(at)] ?? [0, 0, 0];
  const to = own[Math.ceil(at)] ?? from;
  const rest = at - Math.floor(at);
  const mix = (channel: 0 | 1 | 2) => Math.round(from[channel] * (1 - rest) + to[channel] * rest);
  return [mix(0), mix(1), mix(2)];
}

/** 256 colours as RGBA words in the order of this machine's memory, to fill a canvas with. */
export function colourTable(map: ColourMap): Uint32Array {
  const bytes = new Uint8ClampedArray(256 * 4);
  for (let index = 0; index < 256; index += 1) bytes.set([...colourAt(map, index / 255), 255], index * 4);
  return new Uint32Array(bytes.buffer);
}

/** For a legend: the whole map as a CSS gradient, from low to high. */
export function colourGradient(map: ColourMap, direction: string): string {
  return `linear-gradient(${direction}, ${Array.from({ length: 16 }, (_, index) => `rgb(${colourAt(map, index / 15).join(' ')})`).join(', ')})`;
}

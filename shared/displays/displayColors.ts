// Colours of displays: rgb as the file gives it, and the name where it has one (Phoebus's color.def).

export interface DisplayColor {
  /** A name of color.def; null where the file gives only numbers. */
  readonly name: string | null;
  /** 0..255 */
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  /** 0..255; 0 is invisible. */
  readonly alpha: number;
  /** The file says so; false: the widget's default. */
  readonly given: boolean;
}

/** Phoebus's predefined colours and those of its sample color.def. */
const named: Readonly<Record<string, readonly [number, number, number, number?]>> = {
  OK: [0, 255, 0], MINOR: [255, 128, 0], MAJOR: [255, 0, 0], INVALID: [255, 0, 255], DISCONNECTED: [200, 0, 200, 200],
  Text: [0, 0, 0], ActiveText: [255, 255, 0], Background: [255, 255, 255], Read_Background: [240, 240, 240],
  Write_Background: [128, 255, 255], Button_Background: [210, 210, 210], Grid: [128, 128, 128], Transparent: [255, 255, 255, 0],
  Header_Background: [77, 77, 77], Header_ForeGround: [255, 255, 255], STOP: [255, 0, 0], Attention: [255, 160, 0],
  On: [0, 255, 0], Off: [60, 100, 60],
};

export function namedColor(name: string, given = false): DisplayColor {
  const [red, green, blue, alpha = 255] = named[name] ?? [0, 0, 0];
  return { name, red, green, blue, alpha, given };
}

export function rgb(red: number, green: number, blue: number, alpha = 255): DisplayColor {
  return { name: null, red, green, blue, alpha, given: false };
}

/** Colours of traces without one, in Phoebus's order. */
const palette: readonly (readonly [number, number, number])[] = [
  [0, 0, 255], [255, 0, 0], [0, 255, 0], [170, 0, 255], [255, 255, 0], [0, 234, 255], [255, 127, 0], [191, 255, 0],
];

export function paletteColor(index: number): DisplayColor {
  const [red, green, blue] = palette[index % palette.length] ?? [0, 0, 255];
  return rgb(red, green, blue);
}

export function cssColor(color: DisplayColor): string {
  const { red, green, blue, alpha } = color;
  return alpha >= 255 ? `rgb(${red}, ${green}, ${blue})` : `rgba(${red}, ${green}, ${blue}, ${Math.round(alpha / 2.55) / 100})`;
}

type Rgb = Pick<DisplayColor, 'red' | 'green' | 'blue'>;

/** Relative luminance, 0..1 (WCAG 2, "relative luminance"). */
export function luminance({ red, green, blue }: Rgb): number {
  const linear = (channel: number) => {
    const part = channel / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** Contrast ratio, 1..21 (WCAG 2, "contrast ratio"). */
export function contrast(one: Rgb, other: Rgb): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const black = { red: 0, green: 0, blue: 0 };
const white = { red: 255, green: 255, blue: 255 };

/** Black or white, whichever is easier to read there. */
export function inkOn(ground: Rgb): DisplayColor {
  const { red, green, blue } = contrast(black, ground) >= contrast(white, ground) ? black : white;
  return rgb(red, green, blue);
}

/** The colour, moved towards black or white in steps until it has the wanted contrast on that ground; its hue stays. */
export function legibleOn(color: DisplayColor, ground: Rgb, wanted = 4.5): DisplayColor {
  const ink = inkOn(ground);
  for (let part = 0; part < 1; part += 0.1) {
    const mix = (from: number, to: number) => Math.round(from + (to - from) * part);
    const moved = { ...color, red: mix(color.red, ink.red), green: mix(color.green, ink.green), blue: mix(color.blue, ink.blue) };
    if (contrast(moved, ground) >= wanted) return moved;
  }
  return { ...ink, alpha: color.alpha };
}

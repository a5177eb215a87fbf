// Fonts of displays: the named ones of Phoebus's font.def, and the families that a machine has instead.

export interface DisplayFont {
  readonly name: string | null;
  readonly family: string;
  readonly bold: boolean;
  readonly italic: boolean;
  /** Pixels. */
  readonly size: number;
}

const sans = 'Liberation Sans';

function predefined(name: string, size: number, bold = false, italic = false): DisplayFont {
  return { name, family: sans, bold, italic, size };
}

const fonts = new Map([
  predefined('Default', 14), predefined('Default Bold', 14, true), predefined('Header 1', 22, true), predefined('Header 2', 18, true),
  predefined('Header 3', 16, true), predefined('Comment', 14, false, true), predefined('Fine Print', 12),
].map((font) => [font.name, font]));

const fallback = predefined('Default', 14);

/** A font by its name in font.def; an unknown name is the default font. */
export function namedFont(name: string): DisplayFont {
  return fonts.get(name) ?? { ...fallback, name };
}

const stacks: readonly [pattern: RegExp, stack: string][] = [
  [/mono|courier|consol|typewriter/i, "'Liberation Mono', 'DejaVu Sans Mono', Consolas, monospace"],
  [/(^|\s)serif|times|georgia/i, "'Liberation Serif', 'Times New Roman', serif"],
];

/** The CSS family list: the font that the file names, then one of its kind that the machine has. */
export function familyStack(family: string): string {
  const kind = stacks.find(([pattern]) => pattern.test(family))?.[1] ?? "'Liberation Sans', Arial, Arimo, Helvetica, 'Noto Sans narrowed', 'DejaVu Sans narrowed', sans-serif";
  return family === sans ? kind : `'${family.replace(/[^\p{L}\p{N} _-]/gu, '')}', ${kind}`;
}

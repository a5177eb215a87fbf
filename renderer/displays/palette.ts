// Which colour a display's colour becomes: the theme's token for a named one, the file's rgb where the file insists; text always legible.
import { contrast, cssColor, inkOn, legibleOn, type DisplayColor } from '@shared/displays/displayColors';
import { computed, inject, provide, type ComputedRef, type InjectionKey } from 'vue';
import { useSettings } from '../stores/settings';

/** What lies behind a widget: a token of the theme, or a colour of the file. */
export type Ground = { readonly token: string } | { readonly color: DisplayColor };

/** Named colours in a display that follows the theme. */
const tokens: Readonly<Record<string, string>> = {
  Text: 'text', ActiveText: 'text', Background: 'background', Read_Background: 'display-read', Write_Background: 'setpoint', Button_Background: 'raised',
  OK: 'ok', MINOR: 'minor', MAJOR: 'major', INVALID: 'invalid', DISCONNECTED: 'offline', STOP: 'stop', Attention: 'minor', On: 'display-on', Off: 'display-off',
  Fill: 'accent', Trough: 'display-trough', Grid: 'border', Header_Background: 'raised', Header_ForeGround: 'text',
};
/** Grounds on which the theme's own text colours are made to be read. */
const plainGrounds = new Set(['background', 'surface', 'raised', 'setpoint', 'display-read', 'display-trough']);

interface Scheme { /** Named colours follow the theme; false: the file has a ground of its own, and all colours are the file's. */ readonly themed: boolean; readonly ground: Ground }
const key: InjectionKey<ComputedRef<Scheme>> = Symbol('palette');
const plain: Scheme = { themed: true, ground: { token: 'background' } };

/** The scheme of a whole display. `background` null: the file leaves it to the theme. */
export function provideDisplayScheme(background: () => DisplayColor | null): void {
  provide(key, computed(() => {
    const color = background();
    return color === null ? plain : { themed: false, ground: { color } };
  }));
}

/** For what lies inside a container with a ground of its own; null: it is see-through. */
export function provideGround(ground: () => Ground | null): void {
  const outer = inject(key, computed(() => plain));
  provide(key, computed(() => ({ ...outer.value, ground: ground() ?? outer.value.ground })));
}

function measure(token: string): DisplayColor {
  const written = getComputedStyle(document.documentElement).getPropertyValue(`--${token}`).trim();
  const [red = 0, green = 0, blue = 0] = /^#[0-9a-f]{6}$/i.test(written) ? [1, 3, 5].map((at) => parseInt(written.slice(at, at + 2), 16)) : [];
  return { name: null, red, green, blue, alpha: 255, given: false };
}

const measured = new Map<string, DisplayColor>();
/** The rgb of a token in the theme that is shown; `theme` makes it reactive and is part of the memory's key. */
function rgbOf(token: string, theme: string): DisplayColor {
  const memory = `${theme} ${token}`;
  const known = measured.get(memory) ?? measure(token);
  measured.set(memory, known);
  return known;
}

export interface Paint {
  readonly themed: boolean;
  /** CSS colour of an area or a line. */
  fill(color: DisplayColor): string;
  /** CSS colour of text; `on` is the widget's own ground, null where it is see-through. */
  ink(color: DisplayColor, on: DisplayColor | null): string;
  /** The ground as a colour, to draw with. */
  groundOf(color: DisplayColor | null): Ground;
}

export function usePaint(): ComputedRef<Paint> {
  const scheme = inject(key, computed(() => plain));
  const settings = useSettings();
  return computed(() => {
    const { themed, ground } = scheme.value;
    const theme = settings.shownTheme;
    const tokenOf = (color: DisplayColor) => (themed && color.name !== null ? tokens[color.name] : undefined);
    const groundOf = (color: DisplayColor | null): Ground => {
      if (color === null || color.alpha < 128) return ground;
      const token = tokenOf(color);
      return token === undefined ? { color } : { token };
    };
    const fill = (color: DisplayColor) => {
      const token = tokenOf(color);
      return token === undefined ? cssColor(color) : `var(--${token})`;
    };
    const ink = (color: DisplayColor, on: DisplayColor | null) => {
      const behind = groundOf(on);
      const token = tokenOf(color);
      if ('token' in behind) {
        const isPlain = plainGrounds.has(behind.token);
        if (token !== undefined && isPlain) return `var(--${token})`;
        const rgb = token === undefined ? color : rgbOf(token, theme);
        return cssColor(legibleOn(rgb, rgbOf(behind.token, theme)));
      }
      const isText = color.name === 'Text' || !color.given;
      if (token === undefined && !isText) return cssColor(color);
      if (isText) return cssColor(contrast(color, behind.color) >= 4.5 ? color : inkOn(behind.color));
      return cssColor(legibleOn(color, behind.color, 3));
    };
    return { themed, fill, ink, groundOf };
  });
}

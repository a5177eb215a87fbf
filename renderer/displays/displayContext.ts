// What a display offers to its widgets: where it comes from, opening another one, asking the user, telling the user.
import type { DisplayAction, OpenTarget } from '@shared/displays/displayActions';
import type { MacroTable } from '@shared/displays/macros';
import { inject, provide, type InjectionKey } from 'vue';

export interface Question { readonly title: string; readonly text: string; /** The file asks for it before the write; '' for none. */ readonly password: string; readonly verb: string }
export interface OpenRequest { readonly file: string; readonly macros: MacroTable; readonly target: OpenTarget }

/** What a window gives to all displays in it, whatever their depth. `from`: the path of the display that asks. */
export interface DisplayServices {
  open(request: OpenRequest, from: string): void;
  close(): void;
  /** Resolves to whether the user agreed. */
  confirm(question: Question): Promise<boolean>;
  /** A sentence that the user should see, e.g. why an action is not done. */
  tell(message: string): void;
  /** The text of a display file. */
  read(file: string, from: string): Promise<{ path: string; text: string }>;
  /** CSS pixels that one pixel of the display takes. */
  zoom(): number;
}

export interface DisplayContext extends Pick<DisplayServices, 'close' | 'confirm' | 'tell' | 'zoom'> {
  /** Of the file; relative names in it are meant from there. */
  readonly path: string;
  /** How many displays this one is embedded in. */
  readonly depth: number;
  open(request: OpenRequest): void;
  read(file: string): Promise<{ path: string; text: string }>;
}

export const displayServicesKey: InjectionKey<DisplayServices> = Symbol('displayServices');
const displayContextKey: InjectionKey<DisplayContext> = Symbol('display');

/** For the widgets of one file. */
export function provideDisplay(path: () => string): void {
  const services = inject(displayServicesKey);
  const outer = inject(displayContextKey, null);
  if (!services) throw new Error('A display needs a window around it.');
  provide(displayContextKey, {
    get path() { return path(); },
    depth: outer === null ? 0 : outer.depth + 1,
    open: (request) => services.open(request, path()),
    read: (file) => services.read(file, path()),
    close: () => services.close(),
    confirm: (question) => services.confirm(question),
    tell: (message) => services.tell(message),
    zoom: () => services.zoom(),
  });
}

export function useDisplay(): DisplayContext {
  const context = inject(displayContextKey);
  if (!context) throw new Error('A widget needs a display around it.');
  return context;
}

/** Does what needs no PV; gives back whether that was all. */
export function runWithoutPv(action: DisplayAction, display: DisplayContext): boolean {
  switch (action.kind) {
    case 'open':
      display.open(action);
      return true;
    case 'close':
      display.close();
      return true;
    case 'page':
      display.tell(`${action.url} was not opened: Endstation stays inside the control system. Open it in your browser.`);
      return true;
    case 'unsupported':
      display.tell(`"${action.description}" was not run: Endstation runs no ${actionWords[action.action] ?? `"${action.action}" actions`} of display files.`);
      return true;
    default: return false;
  }
}

const actionWords: Readonly<Record<string, string>> = {
  execute: 'scripts', execute_python: 'scripts', execute_javascript: 'scripts', command: 'system commands', execute_cmd: 'system commands', open_file: 'other programs',
};

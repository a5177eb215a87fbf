// A display as it is drawn: macros replaced, defaults filled in, every widget typed.
import type { DisplayActions } from './displayActions';
import type { DisplayColor } from './displayColors';
import type { MacroTable } from './macros';
import type { AnyWidget, ValuesOf } from './propertyKinds';
import type { widgetDefinitions, WidgetType } from './widgetDefinitions';

/** What every widget has, whatever its type. Positions and sizes in pixels. */
export interface CommonProperties extends AnyWidget {
  /** From the file; null where it leaves it to us. May name `$(pv_value)`, which is known only later. */
  readonly tooltip: string | null;
  readonly actions: DisplayActions;
  /** Names of rules and scripts in the file, which are not run. */
  readonly rules: readonly string[];
  readonly scripts: number;
  /** The macros that hold here, for what is opened from here. */
  readonly macros: MacroTable;
  readonly line: number;
}

export type WidgetOf<T extends WidgetType> = CommonProperties & { readonly type: T } & ValuesOf<(typeof widgetDefinitions)[T]['properties']>;

/** A widget whose type Endstation does not draw: a labelled box in its place. */
export interface UnsupportedWidget extends CommonProperties {
  readonly type: 'unsupported';
  /** Its type in the file. */
  readonly kind: string;
}

export type Widget = { [T in WidgetType]: WidgetOf<T> }[WidgetType] | UnsupportedWidget;

export interface DisplayProblem { readonly line: number; readonly text: string }

/** What of a file is not shown or not run. */
export interface DisplayAccount {
  readonly widgets: number;
  readonly supported: number;
  readonly unsupported: Readonly<Record<string, number>>;
  readonly rules: number;
  readonly scripts: number;
  readonly problems: readonly DisplayProblem[];
}

export interface Display {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** null: the file leaves it to the theme. */
  readonly background: DisplayColor | null;
  readonly macros: MacroTable;
  readonly widgets: readonly AnyWidget[];
  readonly account: DisplayAccount;
}

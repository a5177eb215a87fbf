// Runs the actions of a widget: asks where the file wants it, writes, opens, says what is not done.
import type { DisplayAction, DisplayActions } from '@shared/displays/displayActions';
import { shallowRef, type ShallowRef } from 'vue';
import { runWithoutPv, useDisplay } from './displayContext';
import { noteKeeper, send, type WidgetSlot } from './widgetSlot';

export interface ActionProperties {
  readonly name: string;
  readonly actions: DisplayActions;
  readonly text?: string;
  readonly show_confirm_dialog?: unknown;
  readonly confirm_message?: string;
  readonly password?: string;
}

export interface WidgetActions {
  /** The menu to choose one of several from is shown. */
  readonly choosing: ShallowRef<boolean>;
  /** What a click does: the one action, all of them, or the menu. */
  press(): void;
  run(actions: readonly DisplayAction[]): Promise<void>;
}

export function useActions(widget: () => ActionProperties, slot: WidgetSlot): WidgetActions {
  const display = useDisplay();
  const tell = noteKeeper(slot);
  const choosing = shallowRef(false);

  async function agreed(): Promise<boolean> {
    const { name, text = '', show_confirm_dialog, confirm_message = 'Are you sure you want to do this?', password = '' } = widget();
    if (show_confirm_dialog !== true && password === '') return true;
    return display.confirm({ title: text.trim() || name, text: confirm_message, password, verb: 'Continue' });
  }

  async function run(actions: readonly DisplayAction[]): Promise<void> {
    choosing.value = false;
    if (!await agreed()) return;
    for (const action of actions) {
      if (action.kind !== 'write') runWithoutPv(action, display);
      // What comes after a refused write may rely on it.
      else if (!await send(action.pv, action.value, tell)) return;
    }
  }

  function press(): void {
    const { actions, allAtOnce } = widget().actions;
    if (actions.length > 1 && !allAtOnce) choosing.value = !choosing.value;
    else if (actions.length === 0) display.tell('The display file gives this button nothing to do.');
    else void run(actions);
  }

  return { choosing, press, run };
}

// The component of each widget type. A new widget: its properties in shared/displays/widgetDefinitions.ts, its component here.
import type { WidgetType } from '@shared/displays/widgetDefinitions';
import type { Component } from 'vue';
import ActionButton from './ActionButton.vue';
import BoolButton from './BoolButton.vue';
import ComboWidget from './ComboWidget.vue';
import EmbeddedWidget from './EmbeddedWidget.vue';
import GroupWidget from './GroupWidget.vue';
import LabelWidget from './LabelWidget.vue';
import LedWidget from './LedWidget.vue';
import MultiStateLed from './MultiStateLed.vue';
import ProgressBar from './ProgressBar.vue';
import RectangleWidget from './RectangleWidget.vue';
import ScaledSlider from './ScaledSlider.vue';
import TextEntry from './TextEntry.vue';
import TextUpdate from './TextUpdate.vue';
import XyPlot from './XyPlot.vue';

export const widgetComponents: Readonly<Record<string, Component>> = {
  label: LabelWidget, textupdate: TextUpdate, textentry: TextEntry, led: LedWidget, multi_state_led: MultiStateLed, bool_button: BoolButton,
  action_button: ActionButton, combo: ComboWidget, progressbar: ProgressBar, scaledslider: ScaledSlider, xyplot: XyPlot, group: GroupWidget,
  rectangle: RectangleWidget, embedded: EmbeddedWidget,
} satisfies Partial<Record<WidgetType, Component>>;

// The component of each widget type. A new widget: its properties in shared/displays/widgetDefinitions.ts, its component here.
import type { WidgetType } from '@shared/displays/widgetDefinitions';
import type { Component } from 'vue';
import ActionButton from './ActionButton.vue';
import ArcWidget from './ArcWidget.vue';
import BoolButton from './BoolButton.vue';
import ByteMonitor from './ByteMonitor.vue';
import ChoiceWidget from './ChoiceWidget.vue';
import ComboWidget from './ComboWidget.vue';
import EllipseWidget from './EllipseWidget.vue';
import EmbeddedWidget from './EmbeddedWidget.vue';
import GroupWidget from './GroupWidget.vue';
import ImageWidget from './ImageWidget.vue';
import LabelWidget from './LabelWidget.vue';
import LedWidget from './LedWidget.vue';
import MeterWidget from './MeterWidget.vue';
import MultiStateLed from './MultiStateLed.vue';
import PolyWidget from './PolyWidget.vue';
import ProgressBar from './ProgressBar.vue';
import RectangleWidget from './RectangleWidget.vue';
import ScaledSlider from './ScaledSlider.vue';
import ScrollbarWidget from './ScrollbarWidget.vue';
import SpinnerWidget from './SpinnerWidget.vue';
import StripChart from './StripChart.vue';
import SwitchWidget from './SwitchWidget.vue';
import TabsWidget from './TabsWidget.vue';
import TankWidget from './TankWidget.vue';
import TemplateWidget from './TemplateWidget.vue';
import TextEntry from './TextEntry.vue';
import TextSymbol from './TextSymbol.vue';
import TextUpdate from './TextUpdate.vue';
import XyPlot from './XyPlot.vue';

/** Every type of `widgetDefinitions` has one, so that what counts as supported is drawn. */
const components: Readonly<Record<WidgetType, Component>> = {
  label: LabelWidget, textupdate: TextUpdate, led: LedWidget, multi_state_led: MultiStateLed, byte_monitor: ByteMonitor, 'text-symbol': TextSymbol,
  textentry: TextEntry, bool_button: BoolButton, slide_button: SwitchWidget, checkbox: SwitchWidget, action_button: ActionButton, combo: ComboWidget,
  choice: ChoiceWidget, radio: ChoiceWidget, spinner: SpinnerWidget, scaledslider: ScaledSlider, scrollbar: ScrollbarWidget,
  progressbar: ProgressBar, tank: TankWidget, thermometer: TankWidget, meter: MeterWidget, xyplot: XyPlot, stripchart: StripChart, image: ImageWidget,
  rectangle: RectangleWidget, ellipse: EllipseWidget, arc: ArcWidget, polyline: PolyWidget, polygon: PolyWidget,
  group: GroupWidget, tabs: TabsWidget, embedded: EmbeddedWidget, template: TemplateWidget,
};
export const widgetComponents: Readonly<Record<string, Component>> = components;

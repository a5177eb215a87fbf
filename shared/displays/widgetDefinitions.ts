// Every widget type that Endstation draws: its default size and its properties with Phoebus's defaults.
import { namedColor, paletteColor, rgb } from './displayColors';
import {
  confirmation, confirmDialog, format, horizontalAlignment, lettering, lineStyle, precision, rotationStep, verticalAlignment,
} from './formats';
import {
  choice, color, flag, font, integer, list, macroTable, points, pvName, real, structure, text, widgetsIn, type Property,
} from './propertyKinds';

type Shape = Readonly<Record<string, Property<unknown>>>;
export interface WidgetDefinition<S extends Shape> { readonly width: number; readonly height: number; readonly properties: S }

function define<const S extends Shape>(width: number, height: number, properties: S): WidgetDefinition<S> {
  return { width, height, properties };
}

const live = { pv_name: pvName, border_alarm_sensitive: flag(true) } as const;
const range = { limits_from_pv: flag(true), minimum: real(0), maximum: real(100) } as const;
const outline = { line_width: integer(3), line_color: color(rgb(0, 0, 255)), line_style: lineStyle } as const;
const aligned = { horizontal_alignment: horizontalAlignment('center'), vertical_alignment: verticalAlignment('middle') } as const;
const items = { items: list('item', { read: (parent, name, reader) => text('').read(parent, name, reader) }), items_from_pv: flag(true) } as const;
const led = { ...live, font: font('Default'), foreground_color: color('Text'), line_color: color(rgb(50, 50, 50, 178)), square: flag(false) } as const;
const onOff = { off_color: color(rgb(60, 100, 60)), on_color: color(rgb(60, 255, 60)) } as const;

const axis = (title: string) => ({
  title: text(title), autoscale: flag(false), log_scale: flag(false), minimum: real(0), maximum: real(100), show_grid: flag(false),
  title_font: font('Default Bold'), scale_font: font('Default'), visible: flag(true),
}) as const;
const yAxis = { ...axis('Y'), on_right: flag(false), color: color('Text') } as const;
const trace = {
  name: text(''), x_pv: pvName, y_pv: pvName, err_pv: pvName, axis: integer(0),
  trace_type: choice(['none', 'line', 'step', 'errorbar', 'line_errorbar', 'bars'], 'line'),
  color: color(paletteColor(0)), line_width: integer(1), line_style: lineStyle,
  point_type: choice(['none', 'squares', 'circles', 'diamonds', 'xmarks', 'triangles'], 'none'), point_size: integer(10), visible: flag(true),
} as const;
const stripAxis = {
  title: text('Y'), autoscale: flag(false), log_scale: flag(false), minimum: real(0), maximum: real(100), show_grid: flag(false), visible: flag(true), color: color('Text'),
} as const;
const stripTrace = {
  name: text(''), y_pv: pvName, axis: integer(0), trace_type: choice(['none', 'line', 'step', 'errorbar', 'line_errorbar', 'bars'], 'step'),
  color: color(paletteColor(0)), line_width: integer(2),
  point_type: choice(['none', 'squares', 'circles', 'diamonds', 'xmarks', 'triangles'], 'none'), point_size: integer(10), visible: flag(true),
} as const;

export const widgetDefinitions = {
  // Text and lights
  label: define(100, 20, {
    ...lettering('Background'), text: text('Label'), transparent: flag(true), horizontal_alignment: horizontalAlignment(), vertical_alignment: verticalAlignment(),
    rotation_step: rotationStep, auto_size: flag(false), wrap_words: flag(true), border_width: integer(0), border_color: color('Text'),
  }),
  textupdate: define(100, 20, {
    ...live, ...lettering('Read_Background'), transparent: flag(false), format: format(), precision, show_units: flag(true),
    horizontal_alignment: horizontalAlignment(), vertical_alignment: verticalAlignment(), wrap_words: flag(true), rotation_step: rotationStep,
    border_width: integer(0), border_color: color('Text'),
  }),
  led: define(20, 20, {
    ...led, bit: integer(-1), off_label: text(''), on_label: text(''), off_color: color('Off'), on_color: color('On'), labels_from_pv: flag(false),
  }),
  multi_state_led: define(20, 20, {
    ...led, fallback_label: text('Err'), fallback_color: color('INVALID'),
    states: list('state', structure({ value: integer(0), label: text(''), color: color('Off') })),
  }),
  byte_monitor: define(160, 20, {
    ...live, ...onOff, startBit: integer(0), numBits: integer(8), bitReverse: flag(false), horizontal: flag(true), square: flag(false),
    foreground_color: color('Text'), font: font('Default'), labels: list('text', text('')),
  }),
  'text-symbol': define(32, 32, {
    ...live, ...lettering('Background'), ...aligned, symbols: list('symbol', text('')), transparent: flag(true), rotation_step: rotationStep,
    array_index: integer(0), wrap_words: flag(true),
  }),

  // Controls
  textentry: define(100, 20, {
    ...live, ...lettering('Write_Background'), ...confirmation, format: format(), precision, show_units: flag(true),
    horizontal_alignment: horizontalAlignment(), vertical_alignment: verticalAlignment('middle'), wrap_words: flag(false), multi_line: flag(false),
  }),
  bool_button: define(100, 30, {
    ...live, ...lettering('Button_Background'), ...confirmation, ...onOff, ...aligned, bit: integer(0), off_label: text('Off'), on_label: text('On'),
    show_led: flag(true), labels_from_pv: flag(false), mode: choice(['toggle', 'push', 'push_inverted'], 'toggle'), show_confirm_dialog: confirmDialog,
  }),
  slide_button: define(100, 30, {
    ...live, ...confirmation, bit: integer(0), label: text(''), font: font('Default'), foreground_color: color('Text'),
    off_color: color('Button_Background'), on_color: color('OK'), show_confirm_dialog: confirmDialog,
  }),
  checkbox: define(100, 20, {
    ...live, ...confirmation, bit: integer(0), label: text('Label'), font: font('Default'), foreground_color: color('Text'), show_confirm_dialog: confirmDialog,
  }),
  action_button: define(100, 30, {
    ...live, ...lettering('Button_Background'), ...confirmation, ...aligned, text: text('$(actions)'), transparent: flag(false),
    rotation_step: rotationStep, show_confirm_dialog: flag(false),
  }),
  combo: define(100, 30, { ...live, ...lettering('Button_Background'), ...confirmation, ...items, editable: flag(false), show_confirm_dialog: flag(false) }),
  choice: define(100, 43, {
    ...live, ...lettering('Button_Background'), ...confirmation, ...items, ...aligned, selected_color: color(rgb(200, 200, 200)), horizontal: flag(true), show_confirm_dialog: flag(false),
  }),
  radio: define(100, 60, { ...live, ...lettering('Background'), ...confirmation, ...items, horizontal: flag(true), show_confirm_dialog: flag(false) }),
  spinner: define(100, 20, {
    ...live, ...lettering('Write_Background'), ...confirmation, ...range, format: format('decimal'), precision, show_units: flag(false), increment: real(1),
  }),
  scaledslider: define(400, 55, {
    ...live, ...lettering('Background'), ...confirmation, ...range, horizontal: flag(true), increment: real(1), transparent: flag(true), show_scale: flag(true),
  }),
  scrollbar: define(100, 20, { ...live, ...confirmation, ...range, horizontal: flag(true), increment: real(1), bar_length: real(10) }),

  // Levels
  progressbar: define(100, 20, {
    ...live, ...range, fill_color: color(namedColor('Fill')), background_color: color('Read_Background'), log_scale: flag(false), horizontal: flag(true),
  }),
  tank: define(150, 200, {
    ...live, ...range, ...lettering('Read_Background'), fill_color: color(namedColor('Fill')), empty_color: color(namedColor('Trough')),
    scale_visible: flag(true), log_scale: flag(false), horizontal: flag(false),
  }),
  thermometer: define(40, 160, { ...live, ...range, fill_color: color(namedColor('Fill')) }),
  meter: define(240, 120, {
    ...live, ...range, ...lettering('Background'), format: format(), precision, show_value: flag(true), show_units: flag(true), show_limits: flag(true),
    needle_color: color(rgb(255, 5, 7)),
  }),

  // Plots
  xyplot: define(400, 300, {
    foreground_color: color('Text'), background_color: color('Background'), grid_color: color('Grid'), title: text(''), title_font: font('Header 2'),
    show_legend: flag(true), x_axis: structure(axis('X')), y_axes: list('y_axis', structure(yAxis), 1), traces: list('trace', structure(trace)),
  }),
  stripchart: define(400, 300, {
    foreground_color: color('Text'), background_color: color('Background'), grid_color: color('Grid'), title: text(''), title_font: font('Header 2'),
    label_font: font('Default Bold'), scale_font: font('Default'), show_legend: flag(false), show_grid: flag(false), start: text('1 minute'), end: text(''),
    y_axes: list('y_axis', structure(stripAxis), 1), traces: list('trace', structure(stripTrace)),
  }),
  image: define(400, 300, {
    ...live, background_color: color('Background'), foreground_color: color('Text'), data_width: integer(100), data_height: integer(100),
    limits_from_pv: flag(false), autoscale: flag(true), log_scale: flag(false), minimum: real(0), maximum: real(255),
  }),

  // Graphics
  rectangle: define(100, 20, { ...outline, background_color: color(rgb(30, 144, 255)), transparent: flag(false), corner_width: integer(0), corner_height: integer(0) }),
  ellipse: define(100, 50, { ...outline, background_color: color(rgb(30, 144, 255)), transparent: flag(false) }),
  arc: define(100, 100, { ...outline, background_color: color(rgb(30, 144, 255)), transparent: flag(false), start_angle: real(0), total_angle: real(90) }),
  polyline: define(100, 20, { ...outline, points, arrows: choice(['none', 'from', 'to', 'both'], 'none'), arrow_length: integer(20) }),
  polygon: define(100, 20, { ...outline, points, background_color: color(rgb(50, 50, 255)), transparent: flag(false) }),

  // Structure
  group: define(300, 200, {
    ...lettering('Background'), line_color: color('Text'), transparent: flag(false), style: choice(['group', 'title', 'line', 'none'], 'group'), widgets: widgetsIn(),
  }),
  tabs: define(400, 300, {
    font: font('Default'), background_color: color('Background'), active_tab: integer(0), direction: choice(['horizontal', 'vertical'], 'horizontal'), tab_height: integer(30),
    tabs: list('tab', structure({ name: text(''), children: widgetsIn('children') })),
  }),
  embedded: define(400, 300, {
    file: text(''), resize: choice(['none', 'content', 'widget', 'stretch', 'crop'], 'none'), group_name: text(''), transparent: flag(false), border_width: integer(0), border_color: color('Text'),
  }),
  template: define(400, 300, {
    file: text(''), instances: list('instance', structure({ macros: macroTable })), horizontal: flag(false), gap: integer(10), wrap_count: integer(0), transparent: flag(false),
  }),
} as const;

export type WidgetType = keyof typeof widgetDefinitions;

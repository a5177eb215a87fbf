import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DisplayError } from './displayError';
import type { Widget, WidgetOf } from './displayModel';
import { readDisplay } from './readDisplay';
import type { WidgetType } from './widgetDefinitions';

const display = (inside: string, head = '') => `<?xml version="1.0" encoding="UTF-8"?>\n<display version="2.0.0">\n<name>Test</name>${head}\n${inside}\n</display>`;

/** The only widget of a display with that XML inside it. */
function only<T extends WidgetType>(type: T, inside: string, macros: Record<string, string> = {}): WidgetOf<T> {
  const [widget] = readDisplay(display(`<widget type="${type}" version="3.0.0">${inside}</widget>`), { macros }).widgets as readonly WidgetOf<T>[];
  if (widget?.type !== type) throw new Error(`no ${type}`);
  return widget;
}

function failure(source: string): DisplayError {
  try {
    readDisplay(source);
  } catch (error) {
    if (error instanceof DisplayError) return error;
    throw error;
  }
  throw new Error('it was read');
}

describe('defaults that files leave out', () => {
  it('has Phoebus\'s sizes', () => {
    const sizes: readonly [WidgetType, number, number][] = [
      ['label', 100, 20], ['textupdate', 100, 20], ['textentry', 100, 20], ['led', 20, 20], ['bool_button', 100, 30], ['action_button', 100, 30],
      ['combo', 100, 30], ['progressbar', 100, 20], ['scaledslider', 400, 55], ['xyplot', 400, 300], ['group', 300, 200], ['rectangle', 100, 20],
      ['embedded', 400, 300], ['byte_monitor', 160, 20], ['tank', 150, 200], ['meter', 240, 120],
    ];
    for (const [type, width, height] of sizes) expect(only(type, '')).toMatchObject({ x: 0, y: 0, width, height, visible: true });
    expect(readDisplay(display(''))).toMatchObject({ name: 'Test', width: 800, height: 600, background: null });
  });

  it('has Phoebus\'s values', () => {
    expect(only('label', '')).toMatchObject({ transparent: true, wrap_words: true, horizontal_alignment: 'left', vertical_alignment: 'top' });
    expect(only('textupdate', '')).toMatchObject({ format: 'default', precision: -1, show_units: true, border_alarm_sensitive: true, transparent: false });
    expect(only('textupdate', '').background_color).toMatchObject({ name: 'Read_Background', red: 240, given: false });
    expect(only('textentry', '').background_color).toMatchObject({ name: 'Write_Background', red: 128 });
    expect(only('led', '')).toMatchObject({ bit: -1, square: false, off_color: { name: 'Off', red: 60, green: 100 }, on_color: { name: 'On', green: 255 } });
    expect(only('label', '').font).toEqual({ name: 'Default', family: 'Liberation Sans', bold: false, italic: false, size: 14 });
    expect(only('bool_button', '')).toMatchObject({ off_label: 'Off', on_label: 'On', mode: 'toggle', show_confirm_dialog: 'none', bit: 0 });
  });
});

describe('properties', () => {
  it('reads fonts, named or written out', () => {
    expect(only('label', '<font><font name="Header 1" family="Liberation Sans" style="BOLD" size="22.0"></font></font>').font).toMatchObject({ bold: true, size: 22 });
    expect(only('label', '<font><font name="Header 2"/></font>').font).toMatchObject({ bold: true, italic: false, size: 18 });
    expect(only('label', '<font><font family="Serif" style="BOLD_ITALIC" size="9"/></font>').font).toMatchObject({ name: null, bold: true, italic: true, size: 9 });
  });

  it('reads colours: by name, by numbers, see-through', () => {
    expect(only('led', '<on_color><color name="MAJOR" red="250" green="1" blue="2"/></on_color>').on_color).toMatchObject({ name: 'MAJOR', red: 250, given: true });
    expect(only('led', '<on_color><color name="MINOR"/></on_color>').on_color).toMatchObject({ name: 'MINOR', red: 255, green: 128, given: true });
    expect(only('label', '<background_color><color red="300" green="-2" blue="7" alpha="0"/></background_color>').background_color)
      .toMatchObject({ name: null, red: 255, green: 0, blue: 7, alpha: 0 });
  });

  it('reads words by number or by name, and notes what it does not know', () => {
    expect(only('textupdate', '<format>4</format>').format).toBe('hex');
    expect(only('group', '<style>3</style>').style).toBe('none');
    expect(only('embedded', '<resize>2</resize>').resize).toBe('widget');
    const read = readDisplay(display('<widget type="led">\n<width>$(W)</width>\n<visible>maybe</visible></widget>'));
    expect(read.widgets[0]).toMatchObject({ width: 20, visible: true });
    expect(read.account.problems.map(({ line }) => line)).toEqual([5, 6]);
  });

  it('reads text with entities, CDATA, µ and °, and its line breaks', () => {
    expect(only('label', '<text>a &lt;b&gt; &amp;amp; &#181;m \u00b0C &#x2126;</text>').text).toBe('a <b> &amp; \u00b5m \u00b0C \u2126');
    expect(only('label', '<text><![CDATA[<b> &lt;]]></text>').text).toBe('<b> &lt;');
    expect(only('label', '<text>one\ntwo </text>').text).toBe('one\ntwo ');
  });

  it('reads the traces and axes of a plot', () => {
    const plot = only('xyplot', `<x_axis><title>Energy</title><maximum>20</maximum></x_axis>
      <y_axes><y_axis><title>Counts</title><autoscale>true</autoscale></y_axis></y_axes>
      <traces><trace><name>mca</name><x_pv></x_pv><y_pv>$(P)MCA1</y_pv><trace_type>2</trace_type><color><color red="1" green="2" blue="3"/></color></trace></traces>`, { P: 'SIM:' });
    expect(plot.x_axis).toMatchObject({ title: 'Energy', maximum: 20, autoscale: false });
    expect(plot.y_axes).toHaveLength(1);
    expect(plot.traces[0]).toMatchObject({ name: 'mca', x_pv: '', y_pv: 'SIM:MCA1', trace_type: 'step', color: { red: 1 } });
  });

  it('keeps the order of the widgets, with an id of its own for each, in containers too', () => {
    const read = readDisplay(display(`<widget type="label"><name>a</name></widget><widget type="group"><name>g</name>
      <widget type="led"><name>b</name></widget></widget><widget type="tabs"><tabs><tab><name>T</name><children><widget type="led"><name>c</name></widget></children></tab></tabs></widget>`));
    expect(read.widgets.map(({ name, id }) => [name, id])).toEqual([['a', 1], ['g', 2], ['', 4]]);
    const [, group, tabs] = read.widgets as readonly Widget[];
    expect(group?.type === 'group' && group.widgets.map(({ name }) => name)).toEqual(['b']);
    expect(tabs?.type === 'tabs' && tabs.tabs.map((tab) => [tab.name, tab.children.map(({ id }) => id)])).toEqual([['T', [5]]]);
    expect(read.account).toMatchObject({ widgets: 5, supported: 5 });
  });
});

describe('macros in displays', () => {
  it('come from outside, then the display, then the group', () => {
    const read = readDisplay(display(`<widget type="group"><macros><M>M2</M><PV>$(P)$(M)</PV></macros>
      <widget type="textupdate"><pv_name>$(PV).RBV</pv_name></widget></widget><widget type="textupdate"><pv_name>$(P)$(M)$(MISSING)</pv_name></widget>`,
    '<macros><M>M1</M></macros>'), { macros: { P: 'SIM:', M: 'outside' } });
    const [group, text] = read.widgets as readonly Widget[];
    expect(group?.type === 'group' && (group.widgets[0] as Widget)).toMatchObject({ pv_name: 'SIM:M2.RBV' });
    expect(text).toMatchObject({ pv_name: 'SIM:M1$(MISSING)' });
  });

  it('mean the widget\'s own properties where no macro has that name', () => {
    expect(only('textupdate', '<pv_name>$(P)x</pv_name><tooltip>$(pv_name) at $(x)</tooltip><x>$(X)</x>', { P: 'A:', X: '12' }))
      .toMatchObject({ pv_name: 'A:x', tooltip: 'A:x at 12', x: 12 });
    expect(readDisplay(display('<widget type="led"><pv_name>loc://$(DID)</pv_name></widget>'), { displayId: 'D7' }).widgets[0]).toMatchObject({ pv_name: 'loc://D7' });
    expect(readDisplay(display('<widget type="label"><text>$(DNAME)</text></widget>')).widgets[0]).toMatchObject({ text: 'Test' });
  });

  it('are handed on by actions', () => {
    const button = only('action_button', `<pv_name>$(P)M1</pv_name><actions execute_as_one="true">
      <action type="open_display"><file>$(F).bob</file><macros><M>$(N)</M></macros><target>tab</target></action>
      <action type="write_pv"><pv_name>$(pv_name)</pv_name><value>3</value></action>
      <action type="execute"><script file="x.py"/></action></actions>`, { P: 'SIM:', F: 'motor', N: 'M3' });
    expect(button.actions.allAtOnce).toBe(true);
    expect(button.actions.actions).toMatchObject([
      { kind: 'open', file: 'motor.bob', target: 'tab', macros: { M: 'M3', P: 'SIM:' }, description: 'Open motor.bob' },
      { kind: 'write', pv: 'SIM:M1', value: '3' }, { kind: 'unsupported', action: 'execute' },
    ]);
    expect(Object.keys((button.actions.actions[0] as { macros: object }).macros).sort()).toEqual(['F', 'M', 'N', 'P']);
    expect(button.text).toBe('Choose 1 of 3');
    expect(only('action_button', '<actions><action type="write_pv"><pv_name>a</pv_name><value>1</value><description>Go</description></action></actions>').text).toBe('Go');
  });
});

describe('what a file has and Endstation has not', () => {
  it('is counted and keeps its place', () => {
    const read = readDisplay(display(`<widget type="knob"><x>5</x><width>80</width><height>80</height></widget><widget type="knob"/><widget type="led">
      <rules><rule name="Move" prop_id="x"/></rules><scripts><script file="a.py"/></scripts></widget>`));
    expect(read.account).toMatchObject({ widgets: 3, supported: 1, unsupported: { knob: 2 }, rules: 1, scripts: 1 });
    expect(read.widgets[0]).toMatchObject({ type: 'unsupported', kind: 'knob', x: 5, width: 80, height: 80 });
  });
});

describe('broken files', () => {
  it('say what is wrong, and on which line', () => {
    expect(failure('<display>\n<widget type="led">\n</display>')).toMatchObject({ code: 'DISPLAY_BROKEN', line: 3 });
    expect(failure('<display>\n<name>x</name')).toMatchObject({ code: 'DISPLAY_BROKEN' });
    expect(failure('').code).toBe('DISPLAY_BROKEN');
    expect(failure('\n<html></html>')).toMatchObject({ code: 'DISPLAY_NOT_A_DISPLAY', line: 2 });
    expect(failure('<display typeId="x"><widget typeId="org.csstudio.opibuilder.widgets.Label"/></display>').code).toBe('DISPLAY_OLD_FORMAT');
  });

  it('cannot blow up: no entities of their own, bounded size and depth', () => {
    const bomb = '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>\n<display><name>&b;</name></display>';
    expect(failure(bomb)).toMatchObject({ code: 'DISPLAY_BROKEN', line: 1 });
    expect(failure(`<display>${' '.repeat(10_000_001)}</display>`).code).toBe('DISPLAY_TOO_LARGE');
    expect(failure(`<display>${'<widget type="group">'.repeat(500)}${'</widget>'.repeat(500)}</display>`).code).toBe('DISPLAY_BROKEN');
  });

  it('never fail but with a DisplayError', () => {
    const whole = display(`<widget type="group"><macros><A>$(B)</A></macros><widget type="textupdate"><pv_name>$(A)</pv_name><font><font name="x" size="a"/></font>
      <points><point x="1"/></points></widget></widget><widget type="xyplot"><traces><trace><color><color red="b"/></color></trace></traces></widget>`);
    const broken = fc.tuple(fc.nat(whole.length), fc.nat(30), fc.string({ maxLength: 20 }))
      .map(([at, cut, put]) => whole.slice(0, at) + put + whole.slice(at + cut));
    fc.assert(fc.property(fc.oneof(broken, fc.string()), (source) => {
      try {
        readDisplay(source);
        return true;
      } catch (error) {
        return error instanceof DisplayError && error.message.length > 10;
      }
    }), { numRuns: 500 });
  });
});

// A small Phoebus display for the tests: a label and a live value.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes `NAME.bob` into the folder; its path. */
export function writeDisplay(folder: string, name: string, label: string): string {
  const file = join(folder, `${name}.bob`);
  writeFileSync(file, `<?xml version="1.0" encoding="UTF-8"?>
<display version="2.0.0">
  <name>${name}</name>
  <width>400</width>
  <height>120</height>
  <widget type="label" version="2.0.0"><name>Title</name><text>${label}</text><x>10</x><y>10</y><width>300</width><height>24</height></widget>
  <widget type="textupdate" version="2.0.0"><name>Current</name><pv_name>SIM:RING:CURRENT</pv_name><x>10</x><y>50</y><width>160</width><height>24</height></widget>
</display>
`);
  return file;
}

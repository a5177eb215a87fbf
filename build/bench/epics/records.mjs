// The database of the EPICS benchmark, 3,071 records of EPICS base: targets of reads and writes, scanned counters, targets of the generator.

const record = (type, name, fields) => `record(${type}, "${name}") {${Object.entries(fields).map(([field, value]) => ` field(${field}, "${value}")`).join('')} }`;
const number = (i) => String(i).padStart(3, '0');
const alarmLimits = { HOPR: 100, LOPR: -100, HIHI: 90, HIGH: 80, LOW: -80, LOLO: -90, HHSV: 'MAJOR', HSV: 'MINOR', LSV: 'MINOR', LLSV: 'MAJOR' };
const thousand = Array.from({ length: 1000 }, (_, i) => i);
const few = (n) => thousand.slice(0, n);

/** Text of the .db file. */
export function benchRecords() {
  return [
    ...thousand.map((i) => record('ai', `P:ai${number(i)}`, { VAL: i / 10, PINI: 'YES', EGU: 'mm', PREC: 3, ...alarmLimits })),
    ...thousand.map((i) => record('calc', `P:c10:${number(i)}`, { SCAN: '.1 second', CALC: 'VAL+1', SDIS: 'P:gate10', DISV: 1, EGU: 'cnt' })),
    ...thousand.map((i) => record('ai', `P:gen${number(i)}`, { VAL: 0, PINI: 'YES', EGU: 's', PREC: 6 })),
    record('bo', 'P:gate10', { ZNAM: 'Run', ONAM: 'Stop', VAL: 1, PINI: 'YES' }),
    record('ao', 'P:ao', { VAL: 1.5, PINI: 'YES', EGU: 'mm', PREC: 4, ...alarmLimits }),
    record('waveform', 'P:wf1M', { FTVL: 'DOUBLE', NELM: 1_000_000, EGU: 'V' }),
    // What else an IOC has: it goes on while the others are measured.
    ...few(20).map((i) => record('calc', `P:load:counter${number(i)}`, { SCAN: '.1 second', CALC: 'VAL+1' })),
    ...few(10).map((i) => record('calc', `P:load:wave${number(i)}`, { SCAN: '.5 second', CALC: '100*SIN(VAL+0.1)', PREC: 4, ...alarmLimits })),
    ...few(16).map((i) => record('ao', `P:idle:set${number(i)}`, { VAL: i, PINI: 'YES', EGU: 'mm' })),
    ...few(12).map((i) => record('bo', `P:idle:switch${number(i)}`, { ZNAM: 'Off', ONAM: 'On', VAL: 0, PINI: 'YES' })),
    ...few(10).map((i) => record('stringout', `P:idle:text${number(i)}`, { VAL: `text ${i}`, PINI: 'YES' })),
  ].join('\n');
}

import { describe, expect, it } from 'vitest';
import { keptTogether } from './keptTogether';

describe('keptTogether', () => {
  it('ends no line between a number and what it counts', () => {
    const said = keptTogether('PyEpics used 0.50 % of a core, 80.6 ± 2 µs an event against 0.3 µs; 10,000 events a second, 2 of 4 cores. It waits.');
    expect(said.split(' ')).toContain('0.50\u00a0%');
    expect(said).toBe('PyEpics used 0.50\u00a0% of a core, 80.6\u00a0±\u00a02\u00a0µs an event against 0.3\u00a0µs; 10,000\u00a0events a second, 2\u00a0of 4\u00a0cores. It waits.');
  });
  it('leaves all else as it is, sentences and names with numbers too', () => {
    for (const text of ['', 'No numbers. None here', 'It took 3. Then, of 5, none', 'Install CPython, 3.7 ', 'a  b', '(of 2) threads']) expect(keptTogether(text)).toBe(text);
    expect(keptTogether('1 2 3').replaceAll('\u00a0', ' ')).toBe('1 2 3');
  });
});

import { describe, expect, it } from 'vitest';
import type { LabOverview, LabResult } from '@shared/lab';
import type { Palette } from './charts/svgText';
import { reportHtml } from './report';

const palette = new Proxy({}, { get: () => '#0b67b2' }) as Palette;
const result = (finishedAt: number, quick: boolean, scaling: number): LabResult => ({
  id: 'speedup', title: '', claim: '', verdict: 'holds', reason: '', finishedAt, quick,
  figures: { 'cThreads.t1': { value: 0.2, unit: 's' }, 'cThreads.t2': { value: 0.21, unit: 's' }, 'cThreads.scaling': { value: scaling, unit: 'x', spread: 0.02 } },
  environment: { cpu: 'AMD <EPYC>', cores: 4, os: 'Linux 6', versions: {} }, runtime: { name: '', version: '', path: '' },
});
const overview: LabOverview = {
  runtimes: [
    { id: 'c-threads', key: 'cThreads', title: 'C threads', standard: true, available: true, version: 'gcc 12', path: '/usr/bin/cc' },
    { id: 'x', key: 'x', title: 'PyPy', standard: false, available: false, missing: 'Install PyPy & more.' },
  ],
  experiments: [{ id: 'speedup', title: 'One against two', question: '', claim: '', claims: [6], method: '', runtimes: [], article: { 'cThreads.scaling': { value: 2, unit: 'x' } } }],
  claims: [{ number: 6, text: 'A C program scales.', experiments: ['speedup'] }, { number: 7, text: 'Processes scale.', experiments: ['speedup'] }],
  results: [result(3000, true, 1.5), result(2000, false, 1.98), result(1000, false, 1)], running: null,
};
const states = new Map([[6, { state: 'holds' as const, reason: 'C: 1.98 <times>' }]]);
const html = reportHtml({ overview, states, palette, version: '1.2', now: 5000 });

describe('the report', () => {
  it('has every claim with its verdict and figure, and says what was not measured', () => {
    expect(html).toMatch(/A C program scales\.<\/td><td class="verdict" style="color:#14733f">holds<\/td><td>C: 1\.98 &#60;times&#62;</);
    expect(html).toMatch(/Processes scale\.<\/td><td[^>]*>not measured</);
  });
  it('takes the newest full result before a quick one, beside the article', () => {
    expect(html).toContain('<td class="n">2 x</td><td class="n">1.98 ± 0.02 x</td>');
    expect(html).not.toContain('1.50 ±');
  });
  it('has machine, versions, what is missing, and charts with axes', () => {
    expect(html).toContain('AMD &#60;EPYC&#62;, 4 cores, Linux 6');
    expect(html).toContain('gcc 12, /usr/bin/cc');
    expect(html).toContain('not on this machine. Install PyPy &#38; more.');
    expect(html.match(/<svg /g)?.length).toBe(2);
    expect(html).toContain('Work done in the same time, against one (times)');
  });
  it('stands by itself: no script, nothing loaded from elsewhere', () => {
    expect(html).not.toMatch(/<script|<link|<img|@import|url\(|src=/);
    expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:/);
  });
  it('can be made before anything was measured', () => {
    expect(reportHtml({ overview: { ...overview, results: [] }, states: new Map(), palette, version: '', now: 0 })).toContain('Nothing was measured yet.');
  });
});

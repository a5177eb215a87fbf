// The lab's report: one HTML page that stands by itself and prints; claims with verdicts and figures, machine, versions, charts.
import type { LabOverview, LabResult } from '@shared/lab';
import type { ClaimState } from '../../stores/claimState';
import { chartSource } from './charts/chartSource';
import { drawChart, saidOf } from './charts/drawChart';
import { chartsOf } from './charts/resultCharts';
import { escaped, svgText, type Palette } from './charts/svgText';
import { figureText } from './figureText';
import { newestResults } from './labExport';
import { machineText, timeText } from './resultNotes';

export interface ReportOptions {
  readonly overview: LabOverview;
  readonly states: ReadonlyMap<number, ClaimState>;
  /** Of the light theme: it is printed. */
  readonly palette: Palette;
  /** Of the application. */
  readonly version: string;
  /** Unix milliseconds. */
  readonly now: number;
}

const chartWidth = 520;
/** Of each experiment. */
const mostCharts = 2;
const verdictColours: Readonly<Record<string, string>> = { holds: '#14733f', fails: '#b3261e' };

export function reportHtml({ overview, states, palette, version, now }: ReportOptions): string {
  const newest = newestOfEach(overview);
  const about = newest[0];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Endstation: parallelism on ${escaped(about ? machineText(about) : 'this machine')}</title>
<style>
body { margin: 24px auto; max-width: 1120px; padding: 0 16px; color: #18222c; background: #fff; font: 13px/1.4 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
h1 { font-size: 20px; margin: 0 0 4px; } h2 { font-size: 15px; margin: 20px 0 6px; } p { margin: 0 0 6px; } .muted { color: #51606e; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: 4px 10px 4px 0; border-bottom: 1px solid #ccd4db; } th { color: #51606e; font-weight: 600; }
td.n { font-variant-numeric: tabular-nums; } .verdict { font-weight: 600; white-space: nowrap; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(460px, 1fr)); gap: 8px; } figure { margin: 0; break-inside: avoid; } svg { max-width: 100%; height: auto; }
tr { break-inside: avoid; } @page { size: A4; margin: 12mm; } @media print { body { margin: 0; font-size: 10px; } .charts { grid-template-columns: 1fr 1fr; } }
</style></head><body>
<h1>Parallelism, measured on this machine</h1>
<p class="muted">${about ? escaped(machineText(about)) : 'Nothing was measured yet.'} · Endstation ${escaped(version)} · ${escaped(timeText(now))}</p>
<h2>The article's claims</h2>
<table><thead><tr><th>#</th><th>Claim</th><th>Verdict</th><th>What was measured</th></tr></thead><tbody>
${overview.claims.map(({ number, text }) => claimRow(number, text, states.get(number))).join('\n')}
</tbody></table>
<h2>Beside the article's figures</h2>
${articleTable(overview, newest)}
<h2>Charts</h2>
<p class="muted">Bars and points are medians of the repeats, whiskers half their range.</p>
<div class="charts">${newest.map((result) => chartFigures(result, overview, palette)).join('\n')}</div>
<h2>Machine and versions</h2>
<table><tbody>${versionRows(overview, newest)}</tbody></table>
</body></html>
`;
}

/** One result an experiment, in the list's order: the newest in full where there is one, else the newest quick one. */
function newestOfEach({ experiments, results }: LabOverview): LabResult[] {
  const newest = newestResults(results);
  return experiments.flatMap(({ id }) => newest.find((result) => result.id === id && result.quick !== true) ?? newest.find((result) => result.id === id) ?? []);
}

function claimRow(number: number, text: string, state: ClaimState | undefined): string {
  const verdict = state?.state ?? 'not measured';
  return `<tr><td class="n">${number}</td><td>${escaped(text)}</td><td class="verdict" style="color:${verdictColours[verdict] ?? '#51606e'}">${escaped(verdict)}</td><td>${escaped(state?.reason ?? '')}</td></tr>`;
}

function articleTable({ experiments }: LabOverview, newest: readonly LabResult[]): string {
  const rows = experiments.flatMap(({ id, title, article }) => Object.entries(article ?? {}).flatMap(([name, figure]) => {
    const own = newest.find((result) => result.id === id);
    const measured = own?.figures[name];
    return own && measured ? [`<tr><td>${escaped(title)}</td><td>${escaped(name)}</td><td class="n">${escaped(figureText(figure))}</td><td class="n">${escaped(figureText(measured))}${own.quick === true ? ' (quick)' : ''}</td></tr>`] : [];
  }));
  return rows.length === 0 ? '<p class="muted">None of its figures was measured yet.</p>'
    : `<table><thead><tr><th>Experiment</th><th>Figure</th><th>Article</th><th>Here</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function chartFigures(result: LabResult, overview: LabOverview, palette: Palette): string {
  const experiment = overview.experiments.find(({ id }) => id === result.id);
  if (!experiment) return '';
  const charts = chartsOf(chartSource(experiment, { ...result, cores: result.environment.cores }, overview.runtimes)).slice(0, mostCharts);
  return charts.map((chart) => {
    const { svg } = svgText(drawChart(chart, chartWidth), palette, { title: chart.title, notes: [`${result.id}, ${timeText(result.finishedAt)}${result.quick === true ? ', quick' : ''}`] });
    return `<figure role="img" aria-label="${escaped(saidOf(chart))}">${svg}</figure>`;
  }).join('');
}

function versionRows({ runtimes }: LabOverview, newest: readonly LabResult[]): string {
  const row = (name: string, value: string) => `<tr><th scope="row">${escaped(name)}</th><td>${escaped(value)}</td></tr>`;
  const environment = newest[0]?.environment;
  return [
    ...(environment ? [row('Processor', `${environment.cpu}, ${environment.cores} cores`), row('System', environment.os)] : []),
    ...runtimes.map(({ title, available, version, path, missing }) => row(title, available ? [version, path].filter(Boolean).join(', ') : `not on this machine. ${missing ?? ''}`)),
  ].join('');
}

// A small case of each plan on the simulated beamline, and how its form is filled in as a user does it.
import type { Locator } from '@playwright/test';
import { planDescriptions, type PlanField, type PlanName } from '../shared/plans';

type Args = Readonly<Record<string, unknown>>;
export interface PlanCase { readonly args: Args; /** Names of the runs that it leaves; none: it records nothing. */ readonly runs?: readonly string[]; /** Of the last run; left out where the plan finds it out. */ readonly points?: number }

const detectors = ['SIM:I1'];
const M1 = 'SIM:M1';
const M2 = 'SIM:M2';
const inner = { plan: 'count', args: { detectors, num: 2 } };

/** Motors stand at their place of the case before. `file`: a plan file in JSON with a count of two points. */
export function planCases(file: string): Readonly<Record<PlanName, PlanCase>> {
  return {
    move: { args: { axes: [{ motor: M1, position: 1.2 }, { motor: M2, position: 0 }] } },
    count: { args: { detectors, num: 3 }, points: 3 },
    time_series: { args: { detectors, duration: 0.4, interval: 0.2 } },
    scan: { args: { detectors, axes: [{ motor: M1, start: 1.2, stop: 1.25 }], num: 3 }, points: 3 },
    rel_scan: { args: { detectors, axes: [{ motor: M1, start: -0.02, stop: 0.02 }], num: 3 }, points: 3 },
    list_scan: { args: { detectors, axes: [{ motor: M1, positions: [1.2, 1.22] }] }, points: 2 },
    rel_list_scan: { args: { detectors, axes: [{ motor: M1, positions: [0, 0.02] }] }, points: 2 },
    log_scan: { args: { detectors, axes: [{ motor: M1, start: 0.07, stop: 0.08 }], num: 2 }, points: 2 },
    rel_log_scan: { args: { detectors, axes: [{ motor: M1, start: -2, stop: -1.8 }], num: 2 }, points: 2 },
    x2x_scan: { args: { detectors, axes: [{ motor: M1 }, { motor: M2 }], start: -0.02, stop: 0.02, num: 2 }, points: 2 },
    grid_scan: { args: { detectors, axes: [{ motor: M1, start: 1.2, stop: 1.22, num: 2 }, { motor: M2, start: 0, stop: 0.02, num: 2 }] }, points: 4 },
    rel_grid_scan: { args: { detectors, axes: [{ motor: M1, start: 0, stop: 0.02, num: 2 }, { motor: M2, start: 0, stop: 0.02, num: 2 }] }, points: 4 },
    list_grid_scan: { args: { detectors, axes: [{ motor: M1, positions: [1.2, 1.22] }, { motor: M2, positions: [0, 0.02] }] }, points: 4 },
    rel_list_grid_scan: { args: { detectors, axes: [{ motor: M1, positions: [0, 0.02] }, { motor: M2, positions: [0, 0.02] }] }, points: 4 },
    spiral: { args: { detectors, axes: [{ motor: M1, start: 1.2, range: 0.04 }, { motor: M2, start: 0, range: 0.04 }], dr: 0.01, nth: 3 } },
    rel_spiral: { args: { detectors, axes: [{ motor: M1, range: 0.04 }, { motor: M2, range: 0.04 }], dr: 0.01, nth: 3 } },
    spiral_square: { args: { detectors, axes: [{ motor: M1, center: 1.2, range: 0.04, num: 3 }, { motor: M2, center: 0, range: 0.04, num: 3 }] }, points: 9 },
    rel_spiral_square: { args: { detectors, axes: [{ motor: M1, range: 0.04, num: 3 }, { motor: M2, range: 0.04, num: 3 }] }, points: 9 },
    spiral_fermat: { args: { detectors, axes: [{ motor: M1, start: 1.2, range: 0.04 }, { motor: M2, start: 0, range: 0.04 }], dr: 0.01, factor: 1 } },
    rel_spiral_fermat: { args: { detectors, axes: [{ motor: M1, range: 0.04 }, { motor: M2, range: 0.04 }], dr: 0.01, factor: 1 } },
    adaptive_scan: { args: { detectors, axes: [{ motor: M1, start: 1.2, stop: 1.26 }], min_step: 0.01, max_step: 0.03, target_delta: 5000 } },
    rel_adaptive_scan: { args: { detectors, axes: [{ motor: M1, start: -0.03, stop: 0.03 }], min_step: 0.01, max_step: 0.03, target_delta: 5000 } },
    tune_centroid: { args: { detectors, axes: [{ motor: M1, start: 1, stop: 1.5 }], min_step: 0.05, num: 6 } },
    xanes: { args: { detectors, axes: [{ motor: 'SIM:MONO:ENERGY' }], regions: [{ start: 7110, stop: 7112, step: 1, dwell: 0 }] }, points: 3 },
    fly: { args: { detectors, axes: [{ motor: M1, start: 1.2, stop: 1.5 }], speed: 0.5, num: 4 } },
    ramp_plan: { args: { detectors, axes: [{ motor: M1, stop: 1.3 }], period: 0.1 } },
    set: { args: { axes: [{ motor: M2, value: '0.05' }], readback: `${M2}.RBV`, tolerance: 0.01, timeout: 20 } },
    sleep: { args: { seconds: 0.8 } },
    sequence: { args: { plans: [inner, { plan: 'scan', args: { detectors, axes: [{ motor: M1, start: 1.2, stop: 1.22 }], num: 2 } }] }, runs: ['count', 'scan'], points: 2 },
    loop: { args: { times: 2, plan: inner, delay: 0.1 }, runs: ['count', 'count'], points: 2 },
    include: { args: { file }, runs: ['count'], points: 2 },
    script: { args: {}, runs: ['points'], points: 6 },
  };
}

const text = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : String(value));

async function fillRow(scope: Locator, columns: readonly PlanField[], row: Args, place: string): Promise<void> {
  for (const column of columns) {
    const value = row[column.name];
    if (value === undefined || column.kind === 'boolean') continue;
    const box = column.kind === 'motor' ? scope.getByRole('combobox', { name: `Motor, ${place}`, exact: true }) : scope.getByRole('textbox', { name: `${column.label}, ${place}`, exact: true });
    await box.fill(text(value));
    if (column.kind === 'motor') await box.press('Tab');
  }
}

/** Chooses the plan and fills in its form, and the forms of the plans within it. */
export async function fillPlan(scope: Locator, plan: string, args: Args): Promise<void> {
  await scope.getByRole('combobox', { name: 'Plan', exact: true }).first().selectOption(plan);
  for (const field of planDescriptions.find(({ name }) => name === plan)?.fields ?? []) {
    const value = args[field.name];
    if (value === undefined) continue;
    if (field.kind === 'detectors') await fillDetectors(scope, value as readonly string[]);
    else if (field.kind === 'axes' || field.kind === 'rows') await fillRows(scope, field, value as readonly Args[]);
    else if (field.kind === 'plan') await fillPlan(scope.getByRole('group', { name: /^Inner plan/ }), (value as { plan: string }).plan, (value as { args: Args }).args);
    else if (field.kind === 'plans') await fillPlans(scope, value as readonly { plan: string; args: Args }[]);
    else await scope.getByRole('textbox', { name: field.label, exact: true }).fill(text(value));
  }
}

async function fillDetectors(scope: Locator, wanted: readonly string[]): Promise<void> {
  const chips = scope.getByRole('group', { name: 'Detectors' }).getByRole('listitem');
  for (const name of wanted) {
    if (await chips.filter({ hasText: name }).count() > 0) continue;
    const box = scope.getByRole('combobox', { name: 'Add a detector' });
    await box.fill(name);
    await box.press('Enter');
  }
}

async function fillRows(scope: Locator, field: PlanField, rows: readonly Args[]): Promise<void> {
  const isAxes = field.kind === 'axes';
  const place = (index: number) => (isAxes ? `axis ${index + 1}` : `row ${index + 1}`);
  const remove = (index: number) => scope.getByRole('button', { name: `Remove ${place(index)}`, exact: true });
  const boxes = scope.getByRole(isAxes ? 'combobox' : 'textbox', { name: isAxes ? /^Motor, axis \d+$/ : new RegExp(`^${field.columns?.[0]?.label}, row \\d+$`) });
  while (await boxes.count() < rows.length) await scope.getByRole('button', { name: isAxes ? 'Add an axis' : 'Add a row' }).click();
  while (await boxes.count() > rows.length) await remove(await boxes.count() - 1).click();
  for (const [index, row] of rows.entries()) await fillRow(scope, field.columns ?? [], row, place(index));
}

async function fillPlans(scope: Locator, plans: readonly { plan: string; args: Args }[]): Promise<void> {
  const cards = scope.getByRole('group', { name: /^Plan \d+: / });
  while (await cards.count() < plans.length) await scope.getByRole('button', { name: 'Add a plan' }).click();
  for (const [index, { plan, args }] of plans.entries()) {
    const card = scope.getByRole('group', { name: new RegExp(`^Plan ${index + 1}: `) });
    const head = card.locator('button[aria-expanded]').first();
    if (await head.getAttribute('aria-expanded') === 'false') await head.click();
    await fillPlan(card, plan, args);
  }
}

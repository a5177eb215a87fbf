// Which plan's form a field belongs to: the Scan view's own, or that of a plan within it.
import type { PlanDescription } from '@shared/plans';
import type { DeviceDescription, Preflight } from '@shared/scan';
import { inject, provide, type InjectionKey } from 'vue';
import { useScanForm } from '../../stores/scanForm';
import { descriptionOf, initialValues, type FormValues, type NestedForm } from './formModel';

export interface PlanFormContext {
  readonly plan: PlanDescription;
  readonly values: FormValues;
  readonly devices: readonly DeviceDescription[];
  readonly preflight: Preflight | null;
  /** Before the names of its fields in problems, e.g. `plans.0.`; '' for the form itself. */
  readonly path: string;
  choosePlan(name: string): void;
  /** What is to be shown at a field; '' where nothing is. */
  problem(field: string): string;
  /** Whether a problem is shown at any field whose name begins so. */
  hasProblem(prefix: string): boolean;
  /** The user has been at the field. */
  touch(field: string): void;
}

const key: InjectionKey<PlanFormContext> = Symbol('plan form');

function ofTheView(): PlanFormContext {
  const form = useScanForm();
  return {
    get plan() { return form.plan; },
    get values() { return form.values; },
    get devices() { return form.devices; },
    get preflight() { return form.preflight; },
    path: '', choosePlan: form.choosePlan, problem: form.problem, hasProblem: form.hasProblem, touch: form.touch,
  };
}

export function usePlanForm(): PlanFormContext { return inject(key, null) ?? ofTheView(); }

/** For all fields below: they are those of a plan within `above`. The getters are read anew each time, so that they may change. */
export function provideNestedForm(above: PlanFormContext, own: () => NestedForm, path: () => string): void {
  provide(key, {
    get plan() { return descriptionOf(own().plan) ?? above.plan; },
    get values() { return own().values; },
    get devices() { return above.devices; },
    get preflight() { return above.preflight; },
    get path() { return above.path + path(); },
    choosePlan(name) {
      const next = descriptionOf(name);
      const form = own();
      if (!next || next.name === form.plan) return;
      form.values = initialValues(next, form.values, form.plan);
      form.plan = next.name;
    },
    problem: (field) => above.problem(path() + field),
    hasProblem: (prefix) => above.hasProblem(path() + prefix),
    touch: (field) => above.touch(path() + field),
  });
}

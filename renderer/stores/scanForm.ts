// The form of the Scan view: its plan, its values, what the services say of it before Start. Kept in the page's storage.
import { planDescriptions, type PlanDescription, type PlanName } from '@shared/plans';
import type { DeviceDescription, Preflight } from '@shared/scan';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { bridge } from '../bridge';
import { checkForm, initialValues, valuesOf, type FormValues } from '../views/scan/formModel';

const storageKey = 'endstation.scanForm';
const preflightAfter = 250;

function description(name: string): PlanDescription | undefined { return planDescriptions.find((plan) => plan.name === name); }

function kept(): { plan: PlanName; values: FormValues } | null {
  try {
    const own = JSON.parse(localStorage.getItem(storageKey) ?? 'null') as { plan: string; values: FormValues } | null;
    const plan = own ? description(own.plan) : undefined;
    return own && plan ? { plan: plan.name, values: initialValues(plan, own.values) } : null;
  } catch {
    return null;
  }
}

export const useScanForm = defineStore('scanForm', () => {
  const before = kept();
  const planName = ref<PlanName>(before?.plan ?? 'scan');
  const plan = computed(() => description(planName.value) ?? planDescriptions[0] as PlanDescription);
  const values = ref<FormValues>(before?.values ?? initialValues(plan.value));
  const devices = shallowRef<readonly DeviceDescription[]>([]);
  const checked = computed(() => checkForm(plan.value, values.value));
  const preflight = shallowRef<Preflight | null>(null);
  const preflightFailed = shallowRef<unknown>(null);
  const checking = shallowRef(false);
  /** Problems are shown from the first attempt to start, or once the user has been at the field. */
  const shownProblems = ref<Set<string> | 'all'>(new Set());

  watch([planName, values], () => localStorage.setItem(storageKey, JSON.stringify({ plan: planName.value, values: values.value })), { deep: true });

  function choosePlan(name: string): void {
    const next = description(name);
    if (!next || next.name === planName.value) return;
    planName.value = next.name;
    values.value = initialValues(next, values.value);
    shownProblems.value = new Set();
  }

  function prefill(name: string, args: Readonly<Record<string, unknown>>): void {
    const next = description(name);
    if (!next) return;
    planName.value = next.name;
    values.value = valuesOf(next, args);
    shownProblems.value = new Set();
  }

  async function loadDevices(): Promise<void> { devices.value = await bridge.call('scan.devices', {}); }

  let asked = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  async function check(): Promise<void> {
    const { request } = checked.value;
    const own = ++asked;
    preflightFailed.value = null;
    if (!request) {
      preflight.value = null;
      checking.value = false;
      return;
    }
    try {
      const answer = await bridge.call('scan.preflight', { request: request as Parameters<typeof bridge.call<'scan.preflight'>>[1]['request'] });
      if (own === asked) preflight.value = answer;
    } catch (error) {
      if (own !== asked) return;
      preflight.value = null;
      preflightFailed.value = error;
    } finally {
      if (own === asked) checking.value = false;
    }
  }
  function checkSoon(): void {
    clearTimeout(timer);
    checking.value = checked.value.request !== null;
    timer = setTimeout(() => void check(), preflightAfter);
  }
  watch(checked, checkSoon, { immediate: true });

  function touch(field: string): void { if (shownProblems.value !== 'all') shownProblems.value.add(field); }
  function problem(field: string): string {
    const own = checked.value.problems[field];
    if (own) return shownProblems.value === 'all' || shownProblems.value.has(field) ? own : '';
    return preflight.value?.findings.find((finding) => finding.level === 'error' && finding.field === field)?.message ?? '';
  }

  return { planName, plan, values, devices, checked, preflight, preflightFailed, checking, shownProblems, choosePlan, prefill, loadDevices, check, checkSoon, touch, problem };
});

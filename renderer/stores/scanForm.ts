// The form of the Scan view: its plan, its values, what the services say of it before Start. Kept in the page's storage.
import type { RunStart } from '@shared/documents';
import { planDescriptions, type PlanDescription, type PlanName } from '@shared/plans';
import type { DeviceDescription, Preflight } from '@shared/scan';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { bridge } from '../bridge';
import { checkForm, descriptionOf, initialValues, valuesOf, type FormValues } from '../views/scan/formModel';
import { givenMetadata, metadataOf, noMetadata, type MetadataFields } from '../views/scan/metadataModel';

const storageKey = 'endstation.scanForm';
const preflightAfter = 250;

function kept(): { plan: PlanName; values: FormValues; metadata: MetadataFields } | null {
  try {
    const own = JSON.parse(localStorage.getItem(storageKey) ?? 'null') as { plan: string; values: FormValues; metadata?: MetadataFields } | null;
    const plan = own ? descriptionOf(own.plan) : undefined;
    return own && plan ? { plan: plan.name, values: initialValues(plan, own.values), metadata: { ...noMetadata(), ...own.metadata } } : null;
  } catch {
    return null;
  }
}

export const useScanForm = defineStore('scanForm', () => {
  const before = kept();
  const planName = ref<PlanName>(before?.plan ?? 'scan');
  const plan = computed(() => descriptionOf(planName.value) ?? planDescriptions[0] as PlanDescription);
  const values = ref<FormValues>(before?.values ?? initialValues(plan.value));
  /** What is recorded with the runs; it stays when the plan changes. */
  const metadata = ref<MetadataFields>(before?.metadata ?? noMetadata());
  const recorded = computed(() => metadataOf(metadata.value));
  const devices = shallowRef<readonly DeviceDescription[]>([]);
  const checked = computed(() => checkForm(plan.value, values.value));
  const preflight = shallowRef<Preflight | null>(null);
  const preflightFailed = shallowRef<unknown>(null);
  const checking = shallowRef(false);
  /** Problems are shown from the first attempt to start, or once the user has been at the field. */
  const shownProblems = ref<Set<string> | 'all'>(new Set());

  watch([planName, values, metadata], () => localStorage.setItem(storageKey, JSON.stringify({ plan: planName.value, values: values.value, metadata: metadata.value })), { deep: true });

  function choosePlan(name: string): void {
    const next = descriptionOf(name);
    if (!next || next.name === planName.value) return;
    values.value = initialValues(next, values.value, planName.value);
    planName.value = next.name;
    shownProblems.value = new Set();
  }

  /** `from`: a start document, or an item's metadata; what was given by hand there is given again. */
  function prefill(name: string, args: Readonly<Record<string, unknown>>, from?: Readonly<Record<string, unknown>>): void {
    const next = descriptionOf(name);
    if (!next) return;
    planName.value = next.name;
    values.value = valuesOf(next, args);
    if (from) metadata.value = givenMetadata(from);
    shownProblems.value = new Set();
  }

  /** A scan of a motor around a position with the detectors and as many points as a run before had. */
  function prefillAround(run: RunStart | null, motor: string, centre: number, halfWidth: number): void {
    const round = (value: number) => Number(value.toPrecision(6));
    prefill('scan', { detectors: run?.detectors ?? [], axes: [{ motor, start: round(centre - halfWidth), stop: round(centre + halfWidth) }], num: run?.num_points ?? 31 });
  }

  let loading = 0;
  /** Of the profile that is used now: an answer of the one before is not taken. */
  async function loadDevices(): Promise<void> {
    const own = ++loading;
    const found = await bridge.call('scan.devices', {});
    if (own === loading) devices.value = found;
  }

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
      const answer = await bridge.call('scan.preflight', { request: request as Parameters<typeof bridge.call<'scan.preflight'>>[1]['request'], metadata: recorded.value });
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
  // The names of files may be made of the metadata.
  watch([checked, recorded], checkSoon, { immediate: true });

  function touch(field: string): void { if (shownProblems.value !== 'all') shownProblems.value.add(field); }
  function problem(field: string): string {
    const own = checked.value.problems[field];
    if (own) return shownProblems.value === 'all' || shownProblems.value.has(field) ? own : '';
    return preflight.value?.findings.find((finding) => finding.level === 'error' && finding.field === field)?.message ?? '';
  }

  function hasProblem(prefix: string): boolean { return Object.keys(checked.value.problems).some((field) => field.startsWith(prefix) && problem(field) !== ''); }

  return { planName, plan, values, metadata, recorded, devices, checked, preflight, preflightFailed, checking, shownProblems, choosePlan, prefill, prefillAround, loadDevices, check, checkSoon, touch, problem, hasProblem };
});

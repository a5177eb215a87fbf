// Which views are open and which is in front. The dock registers itself here; everybody else asks for a view by its id.
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { ViewId } from '../views/registry';

export interface DockDoor { show(view: ViewId): void; reset(): void }

export const useLayout = defineStore('layout', () => {
  const active = shallowRef<ViewId | null>(null);
  /** What a view was asked to open: it watches this, takes it, and sets it to null. */
  const requestedRun = shallowRef<string | null>(null);
  const requestedPv = shallowRef<string | null>(null);
  const requestedPlan = shallowRef<string | null>(null);
  const requestedDisplay = shallowRef<string | null>(null);
  let dock: DockDoor | null = null;

  function register(door: DockDoor): void { dock = door; }
  function show(view: ViewId): void { dock?.show(view); }
  function reset(): void { dock?.reset(); }

  function openRun(uid: string): void { requestedRun.value = uid; show('runs'); }
  function openPv(pv: string): void { requestedPv.value = pv; show('pvs'); }
  function openPlan(plan: string): void { requestedPlan.value = plan; show('scan'); }
  function openDisplay(path: string): void { requestedDisplay.value = path; show('panels'); }

  return { active, requestedRun, requestedPv, requestedPlan, requestedDisplay, register, show, reset, openRun, openPv, openPlan, openDisplay };
});

// The views of the window, in the order of the activity bar: Ctrl+1 is the first.
import type { Component } from 'vue';
import type { IconName } from '../frame/icons';
import ComputeView from './compute/ComputeView.vue';
import PanelsView from './panels/PanelsView.vue';
import ParallelismView from './parallelism/ParallelismView.vue';
import PvsView from './pvs/PvsView.vue';
import RunsView from './runs/RunsView.vue';
import ScanView from './scan/ScanView.vue';
import SettingsView from './settings/SettingsView.vue';

export type ViewId = 'panels' | 'pvs' | 'scan' | 'runs' | 'parallelism' | 'compute' | 'settings';
export interface ViewDescription { readonly id: ViewId; readonly title: string; readonly icon: IconName; readonly component: Component }

export const views: readonly ViewDescription[] = [
  { id: 'panels', title: 'Panels', icon: 'panels', component: PanelsView },
  { id: 'pvs', title: 'PVs', icon: 'list', component: PvsView },
  { id: 'scan', title: 'Scan', icon: 'peak', component: ScanView },
  { id: 'runs', title: 'Runs', icon: 'folder', component: RunsView },
  { id: 'parallelism', title: 'Parallelism', icon: 'parallel', component: ParallelismView },
  { id: 'compute', title: 'Compute', icon: 'compute', component: ComputeView },
  { id: 'settings', title: 'Settings', icon: 'settings', component: SettingsView },
];

import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import { bridge } from '../bridge';
import { ScriptedTransport } from '../bridge/scriptedTransport';
import { useScanForm } from './scanForm';

beforeEach(() => { vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined }); });
afterEach(() => { vi.unstubAllGlobals(); });

it('the devices are those of the profile that was asked for last, whichever answer comes first', async () => {
  setActivePinia(createPinia());
  const transport = new ScriptedTransport();
  bridge.connect(transport);
  transport.open();
  const form = useScanForm();
  const loading = [form.loadDevices(), form.loadDevices()];
  const [before, now] = transport.of('call', 'scan.devices').map(({ id }) => id);
  transport.frame({ t: 'result', id: now ?? -1, value: [{ name: 'M2' }] });
  transport.frame({ t: 'result', id: before ?? -1, value: [{ name: 'M1' }] });
  await Promise.all(loading);
  await nextTick();
  expect(form.devices.map(({ name }) => name)).toEqual(['M2']);
});

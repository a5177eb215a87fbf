import type { LabRuntime } from '@shared/lab';
import { describe, expect, it } from 'vitest';
import { versionTexts } from './resultNotes';

const runtime = (key: string, title: string) => ({ key, title }) as LabRuntime;

describe('what took part', () => {
  it('is named as in the window, once for each version', () => {
    const versions = { node: '20.20.2', cpythonThreads: '3.11.7', cpythonProcesses: '3.11.7', cThreads: 'cc 12.2.0', gone: '1.0' };
    const runtimes = [runtime('cpythonThreads', 'CPython threads'), runtime('cpythonProcesses', 'CPython processes'), runtime('cThreads', 'C threads')];
    expect(versionTexts({ environment: { cpu: 'x', cores: 2, os: 'Linux', versions } }, runtimes)).toEqual([
      ['Node', '20.20.2'], ['CPython threads, CPython processes', '3.11.7'], ['C threads', 'cc 12.2.0'], ['gone', '1.0'],
    ]);
  });
});

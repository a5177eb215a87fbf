import type { EngineState } from '@shared/scan';
import { describe, expect, it } from 'vitest';
import { scanCommands, type ScanControls } from './scanCommands';

function commands(state: EngineState) {
  const done: string[] = [];
  const engine: ScanControls = { status: { state }, asking: null, pause: (when) => done.push(`pause ${when}`), resume: () => done.push('resume'), stop: () => done.push('stop') };
  const entries = scanCommands(engine, () => done.push('show'));
  return { engine, done, ids: entries.map(({ id }) => id), run: (id: string) => entries.find((entry) => entry.id === id)?.run() };
}

describe('the commands of the scan in the palette', () => {
  it.each<[EngineState, string[]]>([
    ['idle', []],
    ['running', ['pause', 'pauseLater', 'stopScan', 'abort', 'halt']],
    ['pausing', ['pause', 'resume', 'stopScan', 'abort', 'halt']],
    ['paused', ['resume', 'stopScan', 'abort', 'halt']],
    ['stopping', ['halt']],
    ['aborting', ['halt']],
  ])('while it is %s', (state, ids) => { expect(commands(state).ids).toEqual(ids); });

  it('do what they say; abort and halt are asked about in the Scan view', () => {
    const { run, done, engine } = commands('running');
    void run('pause');
    void run('pauseLater');
    void run('stopScan');
    void run('halt');
    expect(done).toEqual(['pause now', 'pause checkpoint', 'stop', 'show']);
    expect(engine.asking).toBe('halt');
  });
});

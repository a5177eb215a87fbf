// The engine's commands in the palette: those that the state of the scan allows, each with what it will do.
import type { EngineStatus } from '@shared/scan';
import type { PaletteEntry } from './paletteMatch';

export interface ScanControls {
  readonly status: Pick<EngineStatus, 'state'>;
  asking: 'abort' | 'halt' | null;
  pause(when: 'now' | 'checkpoint'): unknown;
  resume(): unknown;
  stop(): unknown;
}

const isGoing: readonly EngineStatus['state'][] = ['running', 'pausing'];
const isOpen: readonly EngineStatus['state'][] = [...isGoing, 'paused'];
const isBusy: readonly EngineStatus['state'][] = [...isOpen, 'stopping', 'aborting'];

/** `show`: opens the Scan view, where what can't be undone is asked. */
export function scanCommands(engine: ScanControls, show: () => void): PaletteEntry[] {
  const { state } = engine.status;
  const ask = (how: 'abort' | 'halt') => () => {
    show();
    engine.asking = how;
  };
  const all: readonly (PaletteEntry & { readonly in: readonly EngineStatus['state'][] })[] = [
    { id: 'pause', kind: 'Command', title: 'Pause the scan now', detail: 'Motors stop; the point under way is taken again', in: isGoing, run: () => void engine.pause('now') },
    { id: 'pauseLater', kind: 'Command', title: 'Pause the scan after this point', detail: 'At its next checkpoint', in: ['running'], run: () => void engine.pause('checkpoint') },
    { id: 'resume', kind: 'Command', title: state === 'pausing' ? 'Take the pause back' : 'Resume the scan', in: ['pausing', 'paused'], run: () => void engine.resume() },
    { id: 'stopScan', kind: 'Command', title: 'Stop the scan and keep its data', detail: 'The run counts as done', in: isOpen, run: () => void engine.stop() },
    { id: 'abort', kind: 'Command', title: 'Abort the scan…', detail: 'The run is marked as aborted', in: isOpen, run: ask('abort') },
    { id: 'halt', kind: 'Command', title: 'Halt the scan…', detail: 'As abort, without the plan\'s own cleaning up', in: isBusy, run: ask('halt') },
  ];
  return all.filter((entry) => entry.in.includes(state)).map(({ in: _states, ...entry }) => entry);
}

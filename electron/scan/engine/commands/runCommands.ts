// Messages about the run itself.
import type { CommandTable } from '../commandTable';

export const runCommands: Pick<CommandTable, 'open_run' | 'close_run' | 'checkpoint'> = {
  open_run: (message, session) => session.openRun(message),
  async close_run(_message, session) {
    const { run } = session;
    if (!run) return;
    session.stopRun('success', '');
    await run.file.close(Infinity);
    session.run = null;
  },
  checkpoint(_message, session) {
    session.checkpointAt = performance.now();
  },
};

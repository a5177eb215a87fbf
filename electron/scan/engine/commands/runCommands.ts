// Messages about the run itself.
import { InterruptedError } from '../../../devices/device';
import type { CommandTable } from '../commandTable';

export const runCommands: Pick<CommandTable, 'open_run' | 'close_run' | 'checkpoint'> = {
  async open_run(message, session) {
    await session.openRun(message);
    session.tellStaged();
    session.settings.opened(session.run);
    session.context.report('taking points');
    await session.opened();
  },
  async close_run(_message, session) {
    const { run, context: { signal } } = session;
    if (!run) return;
    if (!run.stopped) {
      // While the journal has no end: after a crash in between it can still be done. What fails is tried again at the end of the plan, and told.
      await session.settings.putBackOf(run, session);
      // Whoever ends the scan now says how the run ends.
      if (signal.aborted) throw new InterruptedError('Putting settings back');
      await session.closing();
    }
    session.stopRun('success', '');
    await run.file.close(Infinity);
    session.run = null;
  },
  checkpoint(_message, session) {
    session.checkpointAt = performance.now();
  },
};

// A server that runs until it is ended must not outlive who would have ended it.

/** Milliseconds between two looks. */
const pace = 1000;

/** Ends this process soon after the one that started it has ended, however that happened. Windows names the same parent for ever: there it does nothing. */
export function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => { if (process.ppid !== parent) process.exit(1); }, pace).unref();
}

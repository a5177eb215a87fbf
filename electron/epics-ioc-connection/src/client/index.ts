// The one client for both protocols: what the package's door shows of it.
export { Client } from './client';
export type { ClientOptions, DiagnosticsOptions, Warning } from './client';
export { PvChannel } from './pvChannel';
export type { PvMonitorOptions } from './pvChannel';
export type { Alarm, Choice, Display, Sample } from './sample';
export { UpdateStream } from './updateStream';

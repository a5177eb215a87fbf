// The application about itself.

export interface AppInfo {
  readonly version: string;
  readonly host: 'electron' | 'browser';
  /** e.g. `Electron 22.3.25 (Node 16.17.1, Chromium 108)`. */
  readonly runtime: string;
  readonly platform: string;
  /** Nothing may be written from this window. */
  readonly observer: boolean;
  readonly user: string;
}

export interface AppStatus {
  readonly profile: string;
  readonly simulation: boolean;
  readonly pvs: number;
  readonly disconnected: number;
  /** Of `disconnected`: those searched for since a few seconds only. */
  readonly connecting?: number;
  /** PV updates received by the main process in the last second. */
  readonly updatesPerSecond: number;
  /** Milliseconds, the longest delay of the main process's loop in the last second. */
  readonly loopDelay: number;
  readonly notices: readonly AppNotice[];
}

/** Something the user should know, until it is over. */
export interface AppNotice { readonly id: string; readonly level: 'info' | 'warning' | 'error'; readonly message: string }

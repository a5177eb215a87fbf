// The frames that cross a MessagePort or a WebSocket. Values are what structured clone and msgpack both carry.
import type { ErrorData } from '../errors';

/** Window to services. */
export type ClientFrame =
  | { readonly t: 'call'; readonly id: number; readonly method: string; readonly args: unknown }
  | { readonly t: 'listen'; readonly id: number; readonly method: string; readonly args: unknown }
  | { readonly t: 'unlisten'; readonly id: number };

/** Services to window. `ended`: the stream is over, for a reason where there is one. */
export type ServerFrame =
  | { readonly t: 'result'; readonly id: number; readonly value: unknown }
  | { readonly t: 'error'; readonly id: number; readonly error: ErrorData }
  | { readonly t: 'event'; readonly id: number; readonly value: unknown }
  | { readonly t: 'ended'; readonly id: number; readonly error?: ErrorData };

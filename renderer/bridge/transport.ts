// What the bridge needs of a way to the services: frames out, frames in, and whether the way is open.
import type { ClientFrame, ServerFrame } from '@shared/contract/wire';

export interface TransportEvents {
  opened(): void;
  frame(frame: ServerFrame): void;
  /** The way is lost; a transport that can, tries again by itself. `reason` is for the user. */
  closed(reason: string): void;
}

export interface Transport {
  /** Begins. Called once, before anything else. */
  start(events: TransportEvents): void;
  /** Only while open. */
  send(frame: ClientFrame): void;
  close(): void;
}

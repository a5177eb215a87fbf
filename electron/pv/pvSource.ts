// Where PVs come from: one source a scheme. PvService shares what a source opens between all viewers.
import type { Disposable } from '@shared/disposable';
import type { Limits, PvInfo, PvState, WritableValue } from '@shared/pv';

/** What follows the IOC's record, and is replaced as a whole when it changes. */
export interface PvMetadata {
  readonly units?: string;
  readonly precision?: number;
  readonly display?: Limits;
  readonly control?: Limits;
  readonly warning?: Limits;
  readonly alarm?: Limits;
  readonly states?: readonly string[];
}
export const metadataKeys = ['units', 'precision', 'display', 'control', 'warning', 'alarm', 'states'] as const satisfies readonly (keyof PvMetadata)[];

export type PvChange = Partial<Omit<PvState, 'pv' | keyof PvMetadata>>;

/** What a source tells while somebody watches. */
export interface PvSink {
  change(change: PvChange): void;
  metadata(metadata: PvMetadata): void;
}

export interface RequestOptions { readonly timeout: number; readonly signal?: AbortSignal }
export interface ReadOptions extends RequestOptions { readonly as?: 'native' | 'string'; readonly count?: number }
export interface SourceReading { readonly change: PvChange; readonly metadata: PvMetadata }

/** One PV held open. Times out by `timeout` seconds, time to connect included. */
export interface OpenPv extends Disposable {
  /** Begins to tell the sink of every update; once. */
  start(): void;
  /** Are the limits and states told to the sink those of the present connection? */
  readonly fresh: boolean;
  /** Elements, the most that it holds; 1 until it is connected. */
  readonly capacity: number;
  /** Asks the server now. */
  read(options: ReadOptions): Promise<SourceReading>;
  /** What a write must know: access, type, limits, states, and the value (of an array its first element only). */
  present(options: RequestOptions): Promise<SourceReading>;
  write(value: WritableValue, options: RequestOptions & { readonly wait: boolean }): Promise<void>;
  info(options: RequestOptions): Promise<Omit<PvInfo, 'pv'>>;
}

/** Which events of an IOC are wanted (DBE mask). */
export type EventMask = readonly ('value' | 'log' | 'alarm' | 'property')[];

export interface PvSource {
  /** `mask`: default value and alarm; of no meaning where a source has no such events. */
  open(name: string, sink: PvSink, mask?: EventMask): OpenPv;
  dispose(): void | Promise<void>;
}

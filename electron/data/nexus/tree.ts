// A NeXus file as plain data: what is decided by nexusLayout, and written by writeNexus.
import type { ArrayPlace, ArrayType } from '../arrays/arrayRecord';

export type Attribute = string | number | readonly string[];
export interface Attributes { readonly [name: string]: Attribute }

export interface NexusGroup {
  readonly kind: 'group';
  readonly nexusClass: string;
  readonly attributes: Attributes;
  readonly children: Readonly<Record<string, NexusNode>>;
}
export interface NexusDataset {
  readonly kind: 'dataset';
  readonly data: Float64Array | Int32Array | string | readonly string[];
  /** Left out for a scalar and for text. */
  readonly shape?: readonly number[];
  readonly attributes: Attributes;
}
/** Images or spectra, one a point, streamed from the run's arrays file. */
export interface NexusStack {
  readonly kind: 'stack';
  readonly dtype: ArrayType;
  /** Of one of them. */
  readonly frame: readonly number[];
  readonly places: readonly (ArrayPlace | null)[];
  readonly attributes: Attributes;
}
/** The same object at a second place. */
export interface NexusLink { readonly kind: 'link'; readonly target: string }
export type NexusNode = NexusGroup | NexusDataset | NexusStack | NexusLink;

export function group(nexusClass: string, children: Readonly<Record<string, NexusNode>>, attributes: Attributes = {}): NexusGroup {
  return { kind: 'group', nexusClass, attributes, children };
}
export function text(value: string | readonly string[], attributes: Attributes = {}): NexusDataset {
  return { kind: 'dataset', data: value, attributes };
}
export function real(value: number, attributes: Attributes = {}): NexusDataset {
  return { kind: 'dataset', data: Float64Array.of(value), shape: [], attributes };
}
export function whole(value: number, attributes: Attributes = {}): NexusDataset {
  return { kind: 'dataset', data: Int32Array.of(value), shape: [], attributes };
}
export function numbers(data: Float64Array, shape: readonly number[], attributes: Attributes = {}): NexusDataset {
  return { kind: 'dataset', data, shape, attributes };
}
export function link(target: string): NexusLink {
  return { kind: 'link', target };
}

/** A name that NeXus allows (https://manual.nexusformat.org/datarules.html): letters, digits, underscores. */
export function nexusName(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9_]/g, '_');
  return plain === '' ? '_' : plain;
}

// How a contract is written: arguments by a schema (checked at the boundary), results and events by their type.
import type * as v from 'valibot';

type ArgumentSchema = v.GenericSchema<unknown, unknown>;

export interface Call<S extends ArgumentSchema, R> { readonly kind: 'call'; readonly args: S; readonly result?: R; /** An observer may make it. */ readonly observer: boolean }
export interface Stream<S extends ArgumentSchema, E> { readonly kind: 'stream'; readonly args: S; readonly event?: E; readonly observer: boolean }

/** A call that only looks: observers may make it too. */
export function query<R>() {
  return <S extends ArgumentSchema>(args: S): Call<S, R> => ({ kind: 'call', args, observer: true });
}
/** A call that changes something: refused to observers. */
export function command<R>() {
  return <S extends ArgumentSchema>(args: S): Call<S, R> => ({ kind: 'call', args, observer: false });
}
export function stream<E>() {
  return <S extends ArgumentSchema>(args: S): Stream<S, E> => ({ kind: 'stream', args, observer: true });
}

export type ContractShape = Readonly<Record<string, Call<ArgumentSchema, unknown> | Stream<ArgumentSchema, unknown>>>;

export type CallNames<C extends ContractShape> = { [K in keyof C]: C[K] extends { kind: 'call' } ? K : never }[keyof C] & string;
export type StreamNames<C extends ContractShape> = { [K in keyof C]: C[K] extends { kind: 'stream' } ? K : never }[keyof C] & string;
/** What a caller passes. */
export type ArgsIn<M> = M extends { args: infer S extends ArgumentSchema } ? v.InferInput<S> : never;
/** What a handler gets, checked and with its defaults. */
export type ArgsOut<M> = M extends { args: infer S extends ArgumentSchema } ? v.InferOutput<S> : never;
export type ResultOf<M> = M extends Call<ArgumentSchema, infer R> ? R : never;
export type EventOf<M> = M extends Stream<ArgumentSchema, infer E> ? E : never;

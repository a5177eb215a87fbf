// The server's part of the public door.
export { PvaServer } from './pvaServer';
export type { PvaServerOptions } from './pvaServer';
export type { PvaServerTlsOptions } from './serverTls';
export type { PvaGroupMember, PvaGroupOptions } from './groupPv';
export type { PvaRpcHandler, PvaRpcRequest, PvaStructureOptions, PvaStructurePv, PvaWriteRequest } from './pvaServerPv';
export { ndArrayType, ndArrayValue, type NdArray } from './normative/ndArray';
export { rpcArguments, tableValue, type TableColumn } from './normative/table';
export { array, arrayOf, boundedString, scalar, structure, union, variantUnion, variantUnionArray } from '../protocol';
export type { AnyValue, Field, PvaData, PvaInput, PvaStructure, StructureField, UnionField } from '../protocol';

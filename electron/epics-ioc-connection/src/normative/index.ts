// Normative types as helpers: what the package's door shows of them.
export { ntEnum, ntScalar, ntScalarArray } from './scalars';
export type { NtParts } from './scalars';
export { ntHistogram, ntNameValue, readHistogram, readNameValue, readTable } from './collections';
export type { Bin, TableReading } from './collections';
export { readNdArray } from './readNdArray';
export type { Picture } from './readNdArray';

// The public door of the package.
export * from './value';
export * from './api';

// The wire of Channel Access, for the client and the server of this package. Pure: bytes and time come in as arguments.
export * from './commands';
export * from './datagrams';
export * from './dbrDecode';
export * from './dbrEncode';
export * from './dbrTypes';
export * from './errors';
export * from './message';
export * from './messageReader';
export * from './payloads';
export * from './replies';
export * from './requests';
export * from './status';
export * from './timestamps';

// The wire of pvAccess, for the client and the server of this package. Pure: bytes and time come in as arguments.
export * from './addresses';
export * from './bitSet';
export * from './channelMessages';
export * from './commands';
export * from './connectionMessages';
export * from './fieldCodec';
export * from './fields';
export * from './messageReader';
export * from './operationMessages';
export * from './pvRequest';
export * from './searchMessages';
export * from './status';
export * from './valueDecode';
export * from './valueEncode';
export * from './values';
export * from './wireReader';
export * from './wireWriter';

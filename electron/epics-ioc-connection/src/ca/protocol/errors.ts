// Who broke the protocol: our caller, or the peer.

/** Our own caller asked for something that the protocol cannot say. A bug on this side. */
export class LocalProtocolError extends Error {
  readonly code = 'LOCAL_PROTOCOL';
  override readonly name = 'LocalProtocolError';
}

/** The peer's bytes break the protocol. The circuit that they came by is given up. */
export class RemoteProtocolError extends Error {
  readonly code = 'REMOTE_PROTOCOL';
  override readonly name = 'RemoteProtocolError';
}

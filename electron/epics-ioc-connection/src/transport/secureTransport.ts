// The real network with TLS: where a keychain is given, a connection is secured by it.
import { nodeTransport } from './nodeTransport';
import { connectTls } from './tls';
import type { Transport } from './transport';

export const secureTransport: Transport = {
  ...nodeTransport,
  connect: (host, port, events, keychain) => keychain ? connectTls(host, port, events, keychain) : nodeTransport.connect(host, port, events),
};

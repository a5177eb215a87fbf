// One TLS connection to a server, told as a connection like any other. Who the server is must be known before a byte of pvAccess is taken.
import { connect } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { secureContextOf } from '../tls/keychain';
import type { Keychain } from '../tls/keychain';
import { handshakeReason, peerOf, untrusted } from '../tls/peer';
import { connectionOn, connectTimeout, reasonOf } from './tcp';
import type { Connection, ConnectionEvents } from './transport';

/** As pvxs names the protocol to TLS (ALPN). */
export const pvaOverTls = 'pva/1';
export function connectTls(host: string, port: number, events: ConnectionEvents, keychain: Keychain): Connection {
  let [reason, refused] = ['the server closed the connection', false];
  let [live, heard, secured] = [true, false, false];
  const fail = (why: string): void => {
    [reason, refused] = [why, true];
    socket.destroy();
  };
  const socket: TLSSocket = connect({
    host, port, secureContext: secureContextOf(keychain), ALPNProtocols: [pvaOverTls],
    // The certificate is looked at below, where it can be said whose it is. Any server of the authority may have any PV: host names are not compared, as by the peers.
    rejectUnauthorized: false, checkServerIdentity: () => undefined,
  });
  socket.setNoDelay(true);
  socket.setKeepAlive(true);
  const patience = setTimeout(() => fail(`no answer within ${connectTimeout / 1000} s`), connectTimeout);
  socket.once('secureConnect', () => {
    clearTimeout(patience);
    if (!live) return;
    const certificate = socket.getPeerCertificate(true);
    if (!socket.authorized) return fail(untrusted(verificationCode(socket), certificate, 'its', keychain.source));
    secured = true;
    events.opened(peerOf(certificate));
  });
  socket.on('data', (chunk: Buffer) => {
    heard = true;
    if (live && secured) events.received(chunk);
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    const why = handshakeReason(error.code ?? '', keychain.source);
    [reason, refused] = why === null ? [refused ? reason : reasonOf(error), refused] : [why, true];
  });
  socket.once('close', () => {
    clearTimeout(patience);
    if (!live) return;
    live = false;
    // In TLS 1.3 a server looks at the client's certificate when the client is done already.
    if (secured && !heard && !refused) {
      const { own } = keychain;
      reason = `${reason} right after the TLS handshake${own ? `: perhaps it does not trust the certificate "${own.name ?? ''}" of the keychain ${keychain.source}` : ''}`;
      refused = true;
    }
    events.closed(reason, refused);
  });
  return connectionOn(socket, () => {
    live = false;
    clearTimeout(patience);
  });
}

/** Node's types say Error; it is the code of the verification. */
export function verificationCode(socket: TLSSocket): string {
  return String((socket.authorizationError as unknown as string | null) ?? 'not verified');
}

// TLS of a server: its settings from options and EPICS_PVAS_TLS_* variables, and the sockets of clients whose certificates were looked at.
import type { Socket } from 'node:net';
import { createServer } from 'node:tls';
import type { Server as TlsServer, TLSSocket } from 'node:tls';
import { CaError } from '../../ca/errors';
import { secureOptions } from '../../tls/keychain';
import type { Keychain, KeychainSource } from '../../tls/keychain';
import { handshakeReason, peerOf, untrusted } from '../../tls/peer';
import type { TlsPeer } from '../../tls/peer';
import { pvaOverTls, verificationCode } from '../../transport/tls';

export interface PvaServerTlsOptions {
  /** A PKCS#12 file: `path`, `path;password`, or what is in it (EPICS_PVAS_TLS_KEYCHAIN). It holds the server's certificate with its private key, and whom to trust. */
  keychain?: string | Uint8Array;
  password?: string;
  /** TCP; 0: a free port is taken (EPICS_PVAS_TLS_PORT; where another program has that one, a free port too). */
  port?: number;
  /** `require`: who shows no certificate is not served by TLS (EPICS_PVAS_TLS_OPTIONS: `client_cert=require`). Default `optional`. */
  clientCertificate?: 'optional' | 'require';
  /** Told why a client was turned away, or went away. `client`: `host:port`, where that is still known. */
  onRefused?: (refusal: { readonly client: string; readonly reason: string }) => void;
}

export interface ServerTlsSettings extends KeychainSource {
  readonly port: number;
  /** Another port will do where this one is taken. */
  readonly portIsWish: boolean;
  readonly requireCertificate: boolean;
}

/** Milliseconds that a client has for the handshake. */
const handshakeTimeout = 10_000;

/** Null: the server has no TLS. Errors: `CaError` BAD_OPTION. */
export function readServerTls(options: PvaServerTlsOptions | false | undefined, environment: Readonly<Record<string, string | undefined>>): ServerTlsSettings | null {
  if (options === false) return null;
  const named = environment['EPICS_PVAS_TLS_KEYCHAIN'] ?? '';
  const keychain = options?.keychain ?? (named.trim() === '' ? '' : named);
  if (keychain.length === 0) {
    if (options) throw new CaError('BAD_OPTION', 'A server by TLS needs a keychain: set EPICS_PVAS_TLS_KEYCHAIN, or the option tls.keychain, to a PKCS#12 file.');
    return null;
  }
  const wished = environment['EPICS_PVAS_TLS_PORT']?.trim() ?? '';
  const port = options?.port ?? Number(wished);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new CaError('BAD_OPTION', `${options?.port === undefined ? `EPICS_PVAS_TLS_PORT is "${wished}"` : `The option tls.port is ${port}`}: it must be a port, 0 to 65535.`);
  }
  return {
    keychain, password: options?.password, port, portIsWish: options?.port === undefined,
    requireCertificate: (options?.clientCertificate ?? certificateOption(environment['EPICS_PVAS_TLS_OPTIONS'])) === 'require',
  };
}

/** Other options than that for certificates are for other programs. A word that is none would be less safe than was meant: it is refused. */
function certificateOption(text = ''): 'optional' | 'require' {
  const value = text.split(/[\s,]+/).filter((part) => part.startsWith('client_cert=')).at(-1)?.slice('client_cert='.length) ?? 'optional';
  if (value !== 'optional' && value !== 'require') throw new CaError('BAD_OPTION', `EPICS_PVAS_TLS_OPTIONS says client_cert=${value}: it is optional or require.`);
  return value;
}

export interface TlsServerEvents {
  /** A TCP connection: the handshake is still to come. */
  connected(socket: Socket): void;
  accepted(socket: TLSSocket, client: TlsPeer | null): void;
  refused(refusal: { readonly client: string; readonly reason: string }): void;
}

export function createTlsServer(settings: ServerTlsSettings, keychain: Keychain, events: TlsServerEvents): TlsServer {
  const server = createServer({
    ...secureOptions(keychain), ALPNProtocols: [pvaOverTls], handshakeTimeout,
    // A client without a certificate is turned away by TLS itself where one is wanted; one with a bad certificate always, here.
    requestCert: true, rejectUnauthorized: settings.requireCertificate,
  });
  server.on('connection', (socket: Socket) => events.connected(socket));
  server.on('secureConnection', (socket: TLSSocket) => {
    const client = judge(socket, keychain);
    if (typeof client !== 'string') return events.accepted(socket, client);
    socket.on('error', () => undefined);
    events.refused({ client: addressOf(socket), reason: client });
    socket.destroy();
  });
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: TLSSocket) => {
    const certificate = socket.getPeerCertificate(true);
    const reason = socket.authorizationError
      ? untrusted(verificationCode(socket), certificate, 'its', keychain.source) : handshakeReason(error.code ?? '', keychain.source)
        ?? `it hung up during the handshake (${error.code ?? error.message}): perhaps it does not trust the certificate of the keychain ${keychain.source}`;
    events.refused({ client: addressOf(socket), reason });
  });
  return server;
}

/** Whom the client proved to be, null where it showed no certificate, a text where it showed one that is not trusted. */
function judge(socket: TLSSocket, keychain: Keychain): TlsPeer | null | string {
  const certificate = socket.getPeerCertificate(true);
  const client = peerOf(certificate);
  return client && !socket.authorized ? untrusted(verificationCode(socket), certificate, 'its', keychain.source) : client;
}

function addressOf(socket: TLSSocket): string {
  return socket.remoteAddress === undefined ? 'somebody who is gone' : `${socket.remoteAddress}:${socket.remotePort ?? 0}`;
}

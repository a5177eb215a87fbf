// Who is at the other end of a TLS connection, and why one is not talked with. Pure.
import type { PeerCertificate } from 'node:tls';

export interface TlsPeer {
  /** The common name of its certificate. */
  readonly name: string | null;
  /** The common name of the authority (the root) that vouches for it. */
  readonly authority: string | null;
}

/** What of a certificate is looked at. */
export interface SeenCertificate {
  readonly subject?: { readonly CN?: string | readonly string[] } | undefined;
  readonly issuer?: { readonly CN?: string | readonly string[] } | undefined;
  readonly valid_from?: string | undefined;
  readonly valid_to?: string | undefined;
  readonly fingerprint256?: string | undefined;
  readonly issuerCertificate?: SeenCertificate | undefined;
}

/** Certificates from a peer's to its root. */
const longestChain = 16;

/** Null where it showed none: Node gives an empty object then. */
export function peerOf(certificate: SeenCertificate | PeerCertificate | null): TlsPeer | null {
  const seen = certificate as SeenCertificate | null;
  if (!seen?.fingerprint256) return null;
  const root = chainOf(seen).at(-1) as SeenCertificate;
  return { name: first(seen.subject?.CN), authority: first(root.subject?.CN) };
}

function chainOf(certificate: SeenCertificate): SeenCertificate[] {
  const chain = [certificate];
  for (let { issuerCertificate: next } = certificate; next?.fingerprint256 && chain.length < longestChain; next = next.issuerCertificate) {
    // A root is its own issuer.
    if (chain.some(({ fingerprint256 }) => fingerprint256 === next?.fingerprint256)) break;
    chain.push(next);
  }
  return chain;
}

const unknownAuthority = new Set([
  'UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT',
]);

/** Why a certificate is not trusted (`code`: of its verification), and what to do. `whose`: such as `its`; `keychain`: the path of ours. */
export function untrusted(code: string, certificate: SeenCertificate | PeerCertificate | null, whose: string, keychain: string): string {
  const chain = chainOf((certificate ?? {}) as SeenCertificate);
  const name = first(chain[0]?.subject?.CN);
  const called = `${whose} certificate${name === null ? '' : ` "${name}"`}`;
  if (unknownAuthority.has(code)) {
    const authority = first(chain.at(-1)?.issuer?.CN);
    return `${called} comes from ${authority === null ? 'an authority' : `the authority "${authority}",`} which the keychain ${keychain} does not hold: put that authority's certificate into it, or use another keychain`;
  }
  if (code === 'CERT_HAS_EXPIRED') {
    const [earliest = {}] = [...chain].sort((a, b) => Date.parse(a.valid_to ?? '') - Date.parse(b.valid_to ?? ''));
    return `${earliest === chain[0] ? called : `the authority "${first(earliest.subject?.CN) ?? ''}" of ${called}`} expired on ${earliest.valid_to ?? ''}: a new one is needed`;
  }
  if (code === 'CERT_NOT_YET_VALID') return `${called} is valid from ${chain[0]?.valid_from ?? ''} on: check the clocks of both machines`;
  if (code === 'INVALID_PURPOSE') return `${called} may not be used for this (extended key usage): it needs another one`;
  return `${called} is not trusted (${code})`;
}

/** Of OpenSSL and BoringSSL, without their prefixes. */
const alerts: readonly (readonly [pattern: RegExp, reason: (keychain: string) => string])[] = [
  [/PEER_DID_NOT_RETURN_A_CERTIFICATE/, () => 'it showed no certificate, and one is required'],
  [/CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE/, (keychain) => `the other side wants a certificate, and the keychain ${keychain} has none that it takes: use one with a certificate for a client`],
  [/ALERT_(BAD_CERTIFICATE|CERTIFICATE_UNKNOWN|UNKNOWN_CA|UNKNOWN_CERTIFICATE|ACCESS_DENIED)/, (keychain) => `the other side does not trust the certificate of the keychain ${keychain}: its authority must be in their keychain`],
  [/ALERT_CERTIFICATE_EXPIRED/, (keychain) => `the certificate of the keychain ${keychain} expired: get a new one`],
  [/ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/, () => 'the other side has no TLS 1.3, which secure PVA needs: a newer version of its software is needed'],
  [/WRONG_VERSION_NUMBER|PACKET_LENGTH|HTTP_REQUEST|UNEXPECTED_MESSAGE/, () => 'what answers there does not speak TLS'],
  [/NO_APPLICATION_PROTOCOL/, () => 'the other side speaks TLS, but no pvAccess'],
  // All that Electron 22 says of an alert after a handshake of TLS 1.3, which is when a server has looked at the client's certificate.
  [/INVALID_LIBRARY/, (keychain) => `the other side refused right after the TLS handshake: perhaps it wants a certificate, or does not trust that of the keychain ${keychain}`],
];

/** What a failed handshake means; null: `code` is none of TLS. */
export function handshakeReason(code: string, keychain: string): string | null {
  if (!/SSL|TLS/.test(code)) return null;
  return alerts.find(([pattern]) => pattern.test(code))?.[1](keychain) ?? `TLS failed (${code})`;
}

function first(name: string | readonly string[] | undefined): string | null {
  return typeof name === 'string' ? name : name?.[0] ?? null;
}

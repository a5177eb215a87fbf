// A keychain: whom one is, and whom one trusts. A PKCS#12 file, as EPICS_PVA_TLS_KEYCHAIN names it for every implementation of secure PVA.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { SecureContext } from 'node:tls';
import { CaError } from '../ca/errors';
import { Pkcs12Error, readPkcs12 } from './pkcs12';

/** What TLS is done with. PEM texts. */
export interface Keychain {
  /** The file's path, for people. */
  readonly source: string;
  /** Null: it only says whom to trust. */
  readonly own: OwnCertificate | null;
  /** Who is trusted, and certificates between them and others. */
  readonly authorities: readonly string[];
}
export interface OwnCertificate {
  readonly key: string;
  /** The certificate, then those between it and its authority. */
  readonly chain: string;
  /** Its common name: who this is. */
  readonly name: string | null;
}
export interface KeychainSource {
  /** `path`, `path;password`, or what is in the file. */
  readonly keychain: string | Uint8Array;
  readonly password?: string | undefined;
}

/** What a certificate may be used for, where it says so (extended key usage). */
const usages = { client: '1.3.6.1.5.5.7.3.2', server: '1.3.6.1.5.5.7.3.1' } as const;
const anyUsage = '2.5.29.37.0';

/** Errors: `CaError` BAD_KEYCHAIN, which says what to do. `now`: milliseconds since 1970. */
export function openKeychain(given: KeychainSource, use: 'client' | 'server', now: number): Keychain {
  const { source, bytes, password } = read(given);
  const certificates = contents(source, bytes, password);
  const { key } = certificates;
  const own = key && certificates.all.find((certificate) => certificate.checkPrivateKey(key));
  if (key && !own) throw bad(`The keychain ${source} has a private key and no certificate for it: put both into it.`);
  if (use === 'server' && !own) throw bad(`The keychain ${source} has no private key: a server needs one, with its certificate.`);
  if (own) check(own, source, use, now);
  const others = certificates.all.filter((certificate) => certificate !== own || isOwnIssuer(certificate));
  if (use === 'client' && !others.some(isOwnIssuer)) {
    throw bad(`The keychain ${source} has no authority that servers could be trusted by: put the certificate of your authority into it.`);
  }
  const keychain: Keychain = {
    source, authorities: others.map(toPem),
    own: key && own ? { key: key.export({ type: 'pkcs8', format: 'pem' }) as string, chain: chainOf(own, certificates.all).map(toPem).join(''), name: commonName(own) } : null,
  };
  try {
    contexts.set(keychain, createSecureContext(secureOptions(keychain)));
  } catch (error) {
    throw unusable(source, error);
  }
  return keychain;
}

/** Both other implementations of secure PVA speak nothing older. */
const leastTls = 'TLSv1.3';

/** What Node makes TLS of: who is in the keychain is trusted and nobody else. */
export function secureOptions({ own, authorities }: Keychain): { key?: string; cert?: string; ca: string[]; minVersion: typeof leastTls } {
  return { ...(own ? { key: own.key, cert: own.chain } : {}), ca: [...authorities], minVersion: leastTls };
}

const contexts = new WeakMap<Keychain, SecureContext>();

/** The same for each connection. */
export function secureContextOf(keychain: Keychain): SecureContext {
  const context = contexts.get(keychain) ?? createSecureContext(secureOptions(keychain));
  contexts.set(keychain, context);
  return context;
}

function read({ keychain, password }: KeychainSource): { source: string; bytes: Uint8Array; password: string } {
  if (typeof keychain !== 'string') return { source: 'that was given', bytes: keychain, password: password ?? '' };
  const end = keychain.indexOf(';');
  const source = end < 0 ? keychain : keychain.slice(0, end);
  try {
    return { source, bytes: readFileSync(source), password: password ?? (end < 0 ? '' : keychain.slice(end + 1)) };
  } catch (error) {
    throw bad(`The keychain ${source} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}): check the path and its permissions.`);
  }
}

function contents(source: string, bytes: Uint8Array, password: string): { key: KeyObject | null; all: X509Certificate[] } {
  try {
    const { keys: [key], certificates } = readPkcs12(bytes, password);
    const all = certificates.map((certificate) => new X509Certificate(certificate));
    // Java writes some of them twice.
    const distinct = all.filter((each, i) => all.findIndex((other) => other.fingerprint256 === each.fingerprint256) === i);
    return { key: key ? createPrivateKey({ key: Buffer.from(key), format: 'der', type: 'pkcs8' }) : null, all: distinct };
  } catch (error) {
    if (!(error instanceof Pkcs12Error)) throw unusable(source, error);
    if (error.problem === 'password') throw bad(`The password does not open the keychain ${source}: write it behind the path, as in ${source};password.`);
    if (error.problem === 'format') throw bad(`${source} is no PKCS#12 keychain: make one with "openssl pkcs12 -export" or with Java's keytool.`);
    throw bad(`The keychain ${source} is encrypted in a way that is not supported (${error.detail}): make it anew with OpenSSL 3 or Java 17.`);
  }
}

/** What the other side would refuse is told at once. */
function check(own: X509Certificate, source: string, use: 'client' | 'server', now: number): void {
  const called = commonName(own) ?? own.subject;
  if (Date.parse(own.validTo) < now) throw bad(`The certificate "${called}" in the keychain ${source} expired on ${own.validTo}: get a new one.`);
  if (Date.parse(own.validFrom) > now) throw bad(`The certificate "${called}" in the keychain ${source} is valid from ${own.validFrom} on: check this machine's clock.`);
  if (own.ca) throw bad(`The certificate "${called}" in the keychain ${source} is that of an authority: use one that it signed.`);
  const allowed = own.keyUsage as readonly string[] | undefined;
  if (allowed && !allowed.includes(usages[use]) && !allowed.includes(anyUsage)) {
    throw bad(`The certificate "${called}" in the keychain ${source} may not be used by a ${use} (extended key usage): get one that may.`);
  }
}

/** From the certificate up to before its root. */
function chainOf(own: X509Certificate, all: readonly X509Certificate[]): X509Certificate[] {
  const chain = [own];
  for (let last = own; ;) {
    const issuer = isOwnIssuer(last) ? undefined : all.find((other) => !chain.includes(other) && !isOwnIssuer(other) && last.checkIssued(other));
    if (!issuer) return chain;
    chain.push(issuer);
    last = issuer;
  }
}

function isOwnIssuer(certificate: X509Certificate): boolean { return certificate.checkIssued(certificate); }

function commonName(certificate: X509Certificate): string | null {
  return /^CN=(.*)$/m.exec(certificate.subject)?.[1] ?? null;
}

function toPem(certificate: X509Certificate): string {
  return `-----BEGIN CERTIFICATE-----\n${certificate.raw.toString('base64').replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`;
}

function unusable(source: string, error: unknown): CaError {
  return bad(`The keychain ${source} holds what cannot be used: ${error instanceof Error ? error.message : String(error)}`);
}

function bad(message: string): CaError { return new CaError('BAD_KEYCHAIN', message); }

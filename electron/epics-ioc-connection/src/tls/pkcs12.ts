// Reads PKCS#12 files, as `openssl pkcs12` and Java's keytool make them (RFC 7292; the encryption of RFC 8018).
// Node's own reader takes no file that only says whom to trust, and gives no certificate out of one.
import { createDecipheriv, createHash, createHmac, getCiphers, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import { childrenOf, DerError, explicit, expectTag, integer, octets, oid, readDer, sequence, tags } from './der';
import type { DerValue } from './der';

/** `password`: it does not open the file. `format`: it is no PKCS#12 file. `encryption`: in a way that this library has not; `detail` says which. */
export class Pkcs12Error extends Error {
  override readonly name = 'Pkcs12Error';
  constructor(readonly problem: 'password' | 'format' | 'encryption', readonly detail: string) { super(`${problem}: ${detail}`); }
}

/** Each in DER. */
export interface Pkcs12Contents {
  /** As PKCS#8. */
  readonly keys: readonly Uint8Array[];
  /** X.509. */
  readonly certificates: readonly Uint8Array[];
}

const contentTypes = { data: '1.2.840.113549.1.7.1', encrypted: '1.2.840.113549.1.7.6' } as const;
const bags = {
  key: '1.2.840.113549.1.12.10.1.1', shroudedKey: '1.2.840.113549.1.12.10.1.2', certificate: '1.2.840.113549.1.12.10.1.3', contents: '1.2.840.113549.1.12.10.1.6',
} as const;
const x509 = '1.2.840.113549.1.9.22.1';
const pbes2 = '1.2.840.113549.1.5.13';
const pbkdf2 = '1.2.840.113549.1.5.12';

const hashes: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1', '2.16.840.1.101.3.4.2.4': 'sha224', '2.16.840.1.101.3.4.2.1': 'sha256', '2.16.840.1.101.3.4.2.2': 'sha384', '2.16.840.1.101.3.4.2.3': 'sha512',
};
const pseudorandom: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1', '1.2.840.113549.2.8': 'sha224', '1.2.840.113549.2.9': 'sha256', '1.2.840.113549.2.10': 'sha384', '1.2.840.113549.2.11': 'sha512',
};
interface Cipher { readonly name: string; readonly keyBytes: number }
const ciphers: Readonly<Record<string, Cipher>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyBytes: 16 }, '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyBytes: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyBytes: 32 }, '1.2.840.113549.3.7': { name: 'des-ede3-cbc', keyBytes: 24 },
};
/** Of PKCS#12 itself, all with SHA-1: what tools made before 2021. */
const oldCiphers: Readonly<Record<string, Cipher>> = {
  '1.2.840.113549.1.12.1.3': { name: 'des-ede3-cbc', keyBytes: 24 }, '1.2.840.113549.1.12.1.6': { name: 'rc2-40-cbc', keyBytes: 5 },
};
/** Rounds; files have some thousands. */
const mostIterations = 10_000_000;
const macKey = 3;
const cipherKey = 1;
const cipherVector = 2;

/** Errors: `Pkcs12Error`. */
export function readPkcs12(file: Uint8Array, password: string): Pkcs12Contents {
  try {
    const [, authenticated, mac] = sequence(readDer(file));
    const safes = octets(contentOf(authenticated, contentTypes.data));
    const secret = mac ? checkMac(mac, safes, password) : bmpText(password);
    const found: { keys: Uint8Array[]; certificates: Uint8Array[] } = { keys: [], certificates: [] };
    for (const safe of sequence(readDer(safes))) readBags(readDer(openSafe(safe, password, secret)), password, secret, found);
    return found;
  } catch (error) {
    throw error instanceof DerError ? new Pkcs12Error('format', error.message) : error;
  }
}

function contentOf(info: DerValue | undefined, type: string): DerValue {
  const [contentType, content] = sequence(info);
  if (oid(contentType) !== type) throw new DerError(`Its content is of type ${oid(contentType)}.`);
  return explicit(content);
}

function openSafe(safe: DerValue, password: string, secret: Uint8Array): Uint8Array {
  const [contentType] = sequence(safe);
  if (oid(contentType) === contentTypes.data) return octets(contentOf(safe, contentTypes.data));
  const [, info] = sequence(contentOf(safe, contentTypes.encrypted));
  const [, algorithm, encrypted] = sequence(info);
  return decrypt(algorithm, expectTag(encrypted, tags.implicit).content, password, secret);
}

function readBags(contents: DerValue, password: string, secret: Uint8Array, found: { keys: Uint8Array[]; certificates: Uint8Array[] }): void {
  for (const bag of sequence(contents)) {
    const [id, value] = sequence(bag);
    const kind = oid(id);
    if (kind === bags.key) found.keys.push(expectTag(value, tags.explicit).content);
    else if (kind === bags.shroudedKey) {
      const [algorithm, encrypted] = sequence(explicit(value));
      found.keys.push(decrypt(algorithm, octets(encrypted), password, secret));
    } else if (kind === bags.certificate) {
      const [type, certificate] = sequence(explicit(value));
      if (oid(type) === x509) found.certificates.push(octets(explicit(certificate)));
    } else if (kind === bags.contents) readBags(explicit(value), password, secret, found);
  }
}

/** Gives the password as PKCS#12 takes it: an empty one is written in two ways. */
function checkMac(mac: DerValue, safes: Uint8Array, password: string): Uint8Array {
  const [digestInfo, salt, iterations] = sequence(mac);
  const [algorithm, digest] = sequence(digestInfo);
  const [id] = sequence(algorithm);
  const hash = hashes[oid(id)];
  if (hash === undefined) throw new Pkcs12Error('encryption', `sealed by ${oid(id)}`);
  const expected = octets(digest);
  const rounds = iterations ? checkedRounds(integer(iterations)) : 1;
  for (const secret of password === '' ? [bmpText(''), new Uint8Array(0)] : [bmpText(password)]) {
    const key = deriveOld(hash, macKey, secret, octets(salt), rounds, expected.length);
    const made = createHmac(hash, key).update(safes).digest();
    if (made.length === expected.length && timingSafeEqual(made, expected)) return secret;
  }
  throw new Pkcs12Error('password', 'the seal is another');
}

function decrypt(algorithm: DerValue | undefined, encrypted: Uint8Array, password: string, secret: Uint8Array): Uint8Array {
  const [id, parameters] = sequence(algorithm);
  const kind = oid(id);
  const { cipher, key, vector } = kind === pbes2 ? keyOfPbes2(parameters, password) : keyOfOld(kind, parameters, secret);
  if (!getCiphers().includes(cipher)) throw new Pkcs12Error('encryption', cipher);
  try {
    const decipher = createDecipheriv(cipher, key, vector);
    const plain = Buffer.concat([decipher.update(encrypted), decipher.final()]);
    // One wrong password in 256 ends in what looks like padding: both that a keychain encrypts are sequences.
    sequence(readDer(plain));
    return plain;
  } catch {
    throw new Pkcs12Error('password', 'what it holds cannot be decrypted');
  }
}

interface CipherKey { readonly cipher: string; readonly key: Uint8Array; readonly vector: Uint8Array }

function keyOfPbes2(parameters: DerValue | undefined, password: string): CipherKey {
  const [derivation, scheme] = sequence(parameters);
  const [derivationId, derivationParameters] = sequence(derivation);
  const [schemeId, vector] = sequence(scheme);
  const cipher = ciphers[oid(schemeId)];
  if (oid(derivationId) !== pbkdf2 || !cipher) throw new Pkcs12Error('encryption', `${oid(derivationId)} with ${oid(schemeId)}`);
  const [salt, iterations, ...rest] = sequence(derivationParameters);
  const prf = rest.find(({ tag }) => tag === tags.sequence);
  const prfId = prf ? oid(childrenOf(prf)[0]) : '1.2.840.113549.2.7';
  const hash = pseudorandom[prfId];
  if (hash === undefined) throw new Pkcs12Error('encryption', `${oid(derivationId)} with ${prfId}`);
  return { cipher: cipher.name, key: pbkdf2Sync(password, octets(salt), checkedRounds(integer(iterations)), cipher.keyBytes, hash), vector: octets(vector) };
}

function keyOfOld(kind: string, parameters: DerValue | undefined, secret: Uint8Array): CipherKey {
  const cipher = oldCiphers[kind];
  if (!cipher) throw new Pkcs12Error('encryption', kind);
  const [salt, iterations] = sequence(parameters);
  const derive = (purpose: number, length: number): Uint8Array => deriveOld('sha1', purpose, secret, octets(salt), checkedRounds(integer(iterations)), length);
  return { cipher: cipher.name, key: derive(cipherKey, cipher.keyBytes), vector: derive(cipherVector, 8) };
}

function checkedRounds(iterations: number): number {
  if (iterations < 1 || iterations > mostIterations) throw new DerError(`${iterations} rounds make no sense.`);
  return iterations;
}

/** UTF-16 with its end, as RFC 7292 B.1 wants it. */
function bmpText(password: string): Uint8Array {
  return Buffer.from(`${password}\0`, 'utf16le').swap16();
}

/** The key derivation of RFC 7292 B.2. */
function deriveOld(hash: string, purpose: number, secret: Uint8Array, salt: Uint8Array, rounds: number, length: number): Uint8Array {
  const block = hash === 'sha384' || hash === 'sha512' ? 128 : 64;
  const filled = (bytes: Uint8Array): Buffer => Buffer.alloc(block * Math.ceil(bytes.length / block), bytes);
  const diversifier = Buffer.alloc(block, purpose);
  const input = Buffer.concat([salt.length > 0 ? filled(salt) : salt, secret.length > 0 ? filled(secret) : secret]);
  const made: Buffer[] = [];
  for (let have = 0; have < length;) {
    let digest = createHash(hash).update(diversifier).update(input).digest();
    for (let round = 1; round < rounds; round += 1) digest = createHash(hash).update(digest).digest();
    made.push(digest);
    have += digest.length;
    const addend = Buffer.alloc(block, digest);
    for (let at = 0; at < input.length; at += block) {
      let carry = 1;
      for (let i = block - 1; i >= 0; i -= 1) {
        carry += (input[at + i] as number) + (addend[i] as number);
        input[at + i] = carry & 255;
        carry >>= 8;
      }
    }
  }
  return Buffer.concat(made).subarray(0, length);
}

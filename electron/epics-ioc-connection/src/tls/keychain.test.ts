// Keychains as OpenSSL makes them, and what is said of those that cannot be used.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCertificates } from './certificates.testing';
import type { Issued } from './certificates.testing';
import { openKeychain } from './keychain';
import { Pkcs12Error, readPkcs12 } from './pkcs12';

let certificates: TestCertificates;
let root: Issued;
let ioc: Issued;
beforeAll(() => {
  certificates = new TestCertificates();
  root = certificates.authority('EPICS root');
  ioc = certificates.issue('ioc', root);
});
afterAll(() => certificates.dispose());

const open = (keychain: string | Uint8Array, use: 'client' | 'server' = 'client', password?: string): ReturnType<typeof openKeychain> => openKeychain({ keychain, password }, use, Date.now());
const refused = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    expect(error).toMatchObject({ name: 'CaError', code: 'BAD_KEYCHAIN' });
    return (error as Error).message;
  }
  throw new Error('It was taken.');
};
const pathOf = (keychain: string): string => keychain.split(';')[0] as string;

describe('a keychain', () => {
  it.each([
    ['AES-256 and SHA-256, OpenSSL 3 as it comes', []], ['AES-128', ['-keypbe', 'aes-128-cbc', '-certpbe', 'aes-128-cbc']],
    ['3DES, as older programs', ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']], ['sealed by SHA-512', ['-macalg', 'sha512', '-iter', '100']],
    ['nothing encrypted', ['-keypbe', 'NONE', '-certpbe', 'NONE']], ['no seal', ['-nomac']],
  ])('of %s', (_name, more) => {
    for (const password of ['secret', 'für mich', '']) {
      const found = open(certificates.keychain(ioc, [root], { password, more }), 'server');
      expect(found.own?.name).toBe('ioc');
      expect(found.own?.key).toContain('BEGIN PRIVATE KEY');
      expect(found.authorities).toHaveLength(1);
    }
  });

  it('that only says whom to trust', () => {
    const other = certificates.authority('Another root');
    const found = open(certificates.keychain(null, [root, other]));
    expect(found.own).toBe(null);
    expect(found.authorities).toHaveLength(2);
  });

  it('as its bytes, with the password beside it', () => {
    const file = certificates.keychain(ioc, [root], { password: 'a;b' });
    expect(open(file, 'server').own?.name).toBe('ioc');
    expect(open(readFileSync(pathOf(file)), 'server', 'a;b').source).toBe('that was given');
    expect(open(pathOf(file), 'server', 'a;b').source).toBe(pathOf(file));
  });

  it('sends what is between its certificate and the root, and not the root', () => {
    const between = certificates.issue('Beamline authority', root, { authority: true, usage: '' });
    const own = certificates.issue('motor ioc', between, { key: 'rsa:2048' });
    const found = open(certificates.keychain(own, [root, between]), 'server');
    expect(found.own?.chain.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    expect(found.authorities).toHaveLength(2);
  });

  it('with a certificate that vouches for itself trusts it', () => {
    expect(open(certificates.keychain(certificates.selfSigned('alone'), [])).authorities).toHaveLength(1);
  });
});

describe('what cannot be used says what to do:', () => {
  it('the password', () => {
    for (const more of [[], ['-nomac']]) {
      const file = certificates.keychain(ioc, [root], { password: 'secret', more });
      for (const tried of [pathOf(file), `${pathOf(file)};wrong`]) expect(refused(() => open(tried))).toBe(`The password does not open the keychain ${pathOf(file)}: write it behind the path, as in ${pathOf(file)};password.`);
    }
  });

  it('the password, also where it is wrong in a way that decrypts', () => {
    const file = pathOf(certificates.keychain(ioc, [root], { password: 'secret', more: ['-nomac'] }));
    for (let i = 0; i < 400; i += 1) expect(refused(() => open(`${file};wrong${i}`))).toMatch(/^The password does not open/);
  });

  it('the file', () => {
    expect(refused(() => open('/nowhere.p12'))).toBe('The keychain /nowhere.p12 cannot be read (ENOENT): check the path and its permissions.');
    expect(refused(() => open(ioc.certificate))).toContain('is no PKCS#12 keychain: make one with "openssl pkcs12 -export"');
    const empty = join(certificates.folder, 'empty.p12');
    writeFileSync(empty, '');
    expect(refused(() => open(empty))).toContain('is no PKCS#12 keychain');
  });

  it('the encryption', () => {
    const file = certificates.keychain(ioc, [root], { more: ['-certpbe', 'aes-256-ecb'] });
    expect(refused(() => open(file))).toMatch(/is encrypted in a way that is not supported \(.*\): make it anew with OpenSSL 3 or Java 17\./);
  });

  it('the certificate', () => {
    expect(refused(() => open(certificates.keychain(certificates.issue('old', root, { days: [-2, -1] }), [root])))).toMatch(/^The certificate "old" in the keychain .* expired on .*: get a new one\.$/);
    expect(refused(() => open(certificates.keychain(certificates.issue('new', root, { days: [1, 2] }), [root])))).toMatch(/is valid from .* on: check this machine's clock\.$/);
    expect(refused(() => open(certificates.keychain(root, [root])))).toContain('is that of an authority: use one that it signed');
    const server = certificates.keychain(certificates.issue('server only', root, { usage: 'serverAuth' }), [root]);
    expect(refused(() => open(server, 'client'))).toContain('may not be used by a client (extended key usage)');
    expect(open(server, 'server').own?.name).toBe('server only');
    expect(open(certificates.keychain(certificates.issue('anything', root, { usage: '' }), [root])).own?.name).toBe('anything');
  });

  it('who is missing in it', () => {
    expect(refused(() => open(certificates.keychain(null, [root]), 'server'))).toContain('has no private key: a server needs one');
    expect(refused(() => open(certificates.keychain(ioc, [])))).toContain('has no authority that servers could be trusted by');
    expect(open(certificates.keychain(ioc, []), 'server').authorities).toEqual([]);
  });
});

it('bytes that are no keychain are told as such, whatever they are', () => {
  const file = readFileSync(certificates.keychain(ioc, [root], { more: ['-iter', '1'] }));
  const fails = (bytes: Uint8Array): void => {
    try {
      readPkcs12(bytes, '');
    } catch (error) {
      expect(error).toBeInstanceOf(Pkcs12Error);
    }
  };
  fc.assert(fc.property(fc.nat(file.length - 1), (length) => { expect(() => readPkcs12(file.subarray(0, length), '')).toThrow(Pkcs12Error); }));
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), fails));
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }), (changes) => {
    const bytes = Buffer.from(file);
    for (const [at, byte] of changes) bytes[at] = byte;
    fails(bytes);
  }));
});

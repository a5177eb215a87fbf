// Certificates and keychains for tests, made by OpenSSL when they are needed and gone with the tests: nothing that expires is kept.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Issued { readonly name: string; readonly key: string; readonly certificate: string }
export interface IssueOptions {
  /** Extended key usage, as OpenSSL names it; empty: none is said. Default both. */
  readonly usage?: string;
  /** An authority itself. */
  readonly authority?: boolean;
  /** Days from now, from and to. Default 0 and 1. */
  readonly days?: readonly [from: number, to: number];
  /** `rsa:2048`, or a curve. */
  readonly key?: string;
}

const configuration = `[ca]
default_ca = test
[test]
database = index.txt
new_certs_dir = .
default_md = sha256
policy = any
rand_serial = yes
unique_subject = no
[any]
commonName = supplied
`;
const day = 86_400_000;

export class TestCertificates {
  readonly folder = mkdtempSync(join(tmpdir(), 'pva-tls-'));
  private count = 0;

  constructor() {
    writeFileSync(join(this.folder, 'ca.cnf'), configuration);
    writeFileSync(join(this.folder, 'index.txt'), '');
  }

  dispose(): void { rmSync(this.folder, { recursive: true, force: true }); }

  /** A root, trusted where it is in a keychain. */
  authority(name: string, options: IssueOptions = {}): Issued { return this.make(name, null, { usage: '', authority: true, ...options }); }

  /** A certificate that nobody vouches for but itself. */
  selfSigned(name: string, options: IssueOptions = {}): Issued { return this.make(name, null, options); }

  issue(name: string, by: Issued, options: IssueOptions = {}): Issued { return this.make(name, by, options); }

  /** A PKCS#12 file: its path, or `path;password`. `own` null: it only says whom to trust. `more`: arguments of `openssl pkcs12`. */
  keychain(own: Issued | null, trusted: readonly Issued[], { password = '', more = [] as readonly string[] } = {}): string {
    const [path, list] = [this.path('p12'), this.path('list')];
    writeFileSync(list, trusted.map(({ certificate }) => readFileSync(certificate, 'utf8')).join(''));
    const contents = own ? ['-inkey', own.key, '-in', own.certificate, ...(trusted.length > 0 ? ['-certfile', list] : [])] : ['-nokeys', '-in', list];
    this.openssl(['pkcs12', '-export', ...contents, '-out', path, '-passout', `pass:${password}`, ...more]);
    return password === '' ? path : `${path};${password}`;
  }

  pem(issued: Issued): { key: string; cert: string } {
    return { key: readFileSync(issued.key, 'utf8'), cert: readFileSync(issued.certificate, 'utf8') };
  }

  private make(name: string, by: Issued | null, { usage = 'serverAuth,clientAuth', authority = false, days: [from, to] = [0, 1], key = 'P-256' }: IssueOptions): Issued {
    const made = { name, key: this.path('key'), certificate: this.path('pem') };
    const [request, extensions] = [this.path('csr'), this.path('ext')];
    const algorithm = key.startsWith('rsa') ? ['-newkey', key] : ['-newkey', 'ec', '-pkeyopt', `ec_paramgen_curve:${key}`];
    this.openssl(['req', '-new', ...algorithm, '-nodes', '-keyout', made.key, '-out', request, '-subj', `/CN=${name}`]);
    writeFileSync(extensions, [
      `basicConstraints=critical,CA:${authority ? 'TRUE' : 'FALSE'}`, ...(authority ? ['keyUsage=keyCertSign'] : []), ...(usage === '' ? [] : [`extendedKeyUsage=${usage}`]), '',
    ].join('\n'));
    this.openssl(['ca', '-batch', '-notext', '-config', 'ca.cnf', '-in', request, '-out', made.certificate, '-extfile', extensions,
      '-startdate', stamp(from, -60_000), '-enddate', stamp(to), ...(by ? ['-cert', by.certificate, '-keyfile', by.key] : ['-selfsign', '-keyfile', made.key])]);
    return made;
  }

  private path(kind: string): string {
    this.count += 1;
    return join(this.folder, `${this.count}.${kind}`);
  }

  private openssl(args: readonly string[]): void { execFileSync('openssl', args, { cwd: this.folder, stdio: ['ignore', 'ignore', 'pipe'] }); }
}

/** As certificates write a time: `20261130001530Z`. */
function stamp(days: number, milliseconds = 0): string {
  return `${new Date(Date.now() + days * day + milliseconds).toISOString().replace(/[-:T]|\.\d+Z/g, '')}Z`;
}

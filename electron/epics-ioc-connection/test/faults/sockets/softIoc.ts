// A real softIoc (epicscorelibs) for the faults, in the same words as ours. What was written is in a buffer of the IOC itself.
import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { CaClient, type Reading } from '../../../src';
import type { Protocol } from './answers';
import { freePort } from './freePort';
import { killChild } from './killChild';
import { now, type Ioc, type IocNames } from './ioc';

const written = 4000;
/** A clock's time stamp is its moment, from its start on (before it is first processed, a record's time is 1990); each target hands its values on to a buffer before the write is done. */
const database = (names: IocNames): string => [
  ...names.clocks.map((name) => `record(calc, "${name}") { field(SCAN, ".1 second") field(PINI, "YES") field(CALC, "VAL+1") field(TSE, "0") }`),
  ...names.targets.map((name) => `record(ao, "${name}") { field(FLNK, "${name}:LOG") field(MDEL, "-1") field(PINI, "NO") field(VAL, "0") field(UDF, "0") }
record(compress, "${name}:LOG") { field(ALG, "Circular Buffer") field(INP, "${name} NPP") field(NSAM, "${written}") }`),
].join('\n');

/** pvAccess by QSRV2 of PVXS. */
const program = `
import os, sys
os.environ['PVXS_QSRV_ENABLE'] = 'YES'
from epicscorelibs import ioc
import pvxslibs.path
pva = sys.argv[2] == 'pva'
ioc.start_ioc(dbs=[(sys.argv[1], '')], extra_dbd_load=(('pvxsIoc.dbd', pvxslibs.path.dbd_path),) if pva else (), extra_dso_load=('pvxslibs.lib.pvxsIoc',) if pva else ())
print('READY', flush=True)
while sys.stdin.buffer.read(4096): pass
os._exit(0)
`;

export class SoftIoc implements Ioc {
  readonly names: IocNames = { clocks: ['P0', 'P1', 'P2', 'P3'], targets: ['Q0', 'Q1', 'Q2'], wave: null };
  private child: ChildProcess | null = null;
  private tcpPort = 0;
  private readonly before: number[] = [];
  /** Somebody else has its TCP port: it takes another one, and its searches come in where they did. */
  private occupied: Server | null = null;

  private constructor(private readonly protocol: Protocol, readonly udpPort: number, private readonly file: string, private readonly python: string, private readonly caPort: number, private readonly repeaterPort: number) {}

  /** Channel Access searches come in at the TCP port's number; pvAccess's at a port of their own. */
  static async make(protocol: Protocol, folder: string, id: string, python: string): Promise<SoftIoc> {
    const caPort = await freePort();
    const ioc = new SoftIoc(protocol, protocol === 'ca' ? caPort : await freePort(), join(folder, `${id}.db`), python, caPort, await freePort());
    writeFileSync(ioc.file, database(ioc.names));
    return ioc;
  }

  /** Both clocks are of this machine. */
  momentOf({ timestamp }: Reading): number {
    return timestamp ? now() - (Date.now() - (timestamp.seconds * 1000 + timestamp.nanoseconds / 1e6)) : 0;
  }

  async start({ newPort = false } = {}): Promise<void> {
    if (newPort && this.protocol === 'ca') this.occupied ??= await occupy(this.caPort);
    if (this.tcpPort === 0 || newPort) this.tcpPort = await freePort();
    const { caPort, udpPort, tcpPort, repeaterPort } = this;
    const environment = {
      EPICS_CA_ADDR_LIST: '127.0.0.1', EPICS_CA_AUTO_ADDR_LIST: 'NO', EPICS_CAS_INTF_ADDR_LIST: '127.0.0.1', EPICS_CAS_SERVER_PORT: String(caPort),
      EPICS_CAS_AUTO_BEACON_ADDR_LIST: 'NO', EPICS_CAS_BEACON_ADDR_LIST: '127.0.0.1', EPICS_CAS_BEACON_PORT: String(repeaterPort), EPICS_CA_REPEATER_PORT: String(repeaterPort),
      EPICS_PVAS_INTF_ADDR_LIST: '127.0.0.1', EPICS_PVAS_SERVER_PORT: String(tcpPort), EPICS_PVAS_BROADCAST_PORT: String(udpPort),
      EPICS_PVA_BROADCAST_PORT: String(udpPort), EPICS_PVA_SERVER_PORT: String(tcpPort), EPICS_PVAS_AUTO_BEACON_ADDR_LIST: 'NO', EPICS_PVAS_BEACON_ADDR_LIST: '127.0.0.1',
    };
    const child = spawn(this.python, ['-c', program, this.file, this.protocol], { env: { ...process.env, ...environment }, stdio: ['pipe', 'pipe', 'pipe'] });
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      let said = '';
      const listen = (chunk: Buffer): void => {
        said += chunk.toString();
        if (said.includes('READY')) resolve();
      };
      child.stdout.on('data', listen);
      child.stderr.on('data', listen);
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`The softIoc ended with code ${code} before it was ready:\n${said}`)));
    });
  }

  async kill(): Promise<void> {
    const { child, occupied } = this;
    this.child = null;
    this.occupied = null;
    if (occupied) await new Promise<void>((resolve) => { occupied.close(() => resolve()); });
    await killChild(child);
  }

  freeze(): void { this.child?.kill('SIGSTOP'); }
  thaw(): void { this.child?.kill('SIGCONT'); }

  async targets(): Promise<ReadonlyMap<string, number>> {
    const values = await this.direct((client) => Promise.all(this.names.targets.map(async (name) => [name, Number((await client.channel(name).get()).value)] as const)));
    return new Map(values);
  }

  /** What the IOC that runs has written is added to what those before it had when they were asked last. */
  async puts(): Promise<readonly number[]> {
    const lists = await this.direct((client) => Promise.all(this.names.targets.map(async (name) => (await client.channel(`${name}:LOG`).get()).value)));
    const present = lists.flatMap((values) => typeof values === 'object' ? Array.from(values as ArrayLike<number>) : [values as number]);
    return [...this.before, ...present];
  }

  async remember(): Promise<void> { this.before.splice(0, Infinity, ...await this.puts()); }

  /** Past the proxy, by Channel Access, which every IOC serves. */
  private async direct<Result>(ask: (client: CaClient) => Promise<Result>): Promise<Result> {
    const client = new CaClient({ environment: {}, addressList: [`127.0.0.1:${this.caPort}`], autoAddressList: false, repeater: false });
    try {
      return await ask(client);
    } finally {
      await client.close();
    }
  }
}

function occupy(port: number): Promise<Server> {
  const server = createServer((socket) => { socket.destroy(); });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

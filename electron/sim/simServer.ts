// Serves the simulated beamline by Channel Access and pvAccess, on loopback and nowhere else, and drives its clock by the real one.
import { CaServer, PvaServer, ServerGroup } from 'epics-ioc-connection';
import { performance } from 'node:perf_hooks';
import { Beamline } from './beamline';
import { servePicture } from './pva/cameraImage';
import { serveRpc } from './pva/rpcServices';
import type { SimRecord } from './records/simRecord';
import type { SimWorkerOptions } from './workerMessages';

/** Not an option: a simulation that answers on a facility's network could be taken for the real beamline. */
const host = '127.0.0.1';
/** Seconds; after a longer pause (the machine slept) simulated time goes on from where it stood. */
const longestLag = 2;
/** Milliseconds between two looks at the clock at the latest. */
const longestPause = 1000;

export class SimServer {
  readonly beamline: Beamline;
  private readonly ca: CaServer;
  private readonly pva: PvaServer;
  private readonly servers: ServerGroup;
  private timer: NodeJS.Timeout | null = null;
  /** Seconds of the steady clock at which simulated time is 0. */
  private origin = 0;

  constructor({ caPort = 0, udpPort, pvaPort = 0, pvaBroadcastPort, seed = 1 }: SimWorkerOptions = {}) {
    this.beamline = new Beamline({ seed });
    this.ca = new CaServer({ host, port: caPort, ...(udpPort === undefined ? {} : { udpPort }) });
    this.pva = new PvaServer({ host, tls: false, port: pvaPort, ...(pvaBroadcastPort === undefined ? {} : { udpPort: pvaBroadcastPort }) });
    this.servers = new ServerGroup([this.ca, this.pva]);
    const { records } = this.beamline;
    for (const record of records.all()) this.serve(record);
    for (const [alias, name] of records.aliases) this.servers.alias(alias, name);
    servePicture(this.pva, records);
    serveRpc(this.pva, records);
  }

  get caPort(): number {
    return this.ca.tcpPort;
  }

  get udpPort(): number {
    return this.ca.udpPort;
  }

  get pvaPort(): number {
    return this.pva.tcpPort;
  }

  /** UDP port on which pvAccess clients search (EPICS_PVA_BROADCAST_PORT). */
  get pvaBroadcastPort(): number {
    return this.pva.udpPort;
  }

  get pvs(): number {
    return this.beamline.records.list().length;
  }

  /** Errors: `PortInUseError`. */
  async start(): Promise<void> {
    await this.servers.listen();
    this.origin = steadySeconds() - this.beamline.clock.now;
    this.tick();
  }

  async stop(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    await this.servers.close();
  }

  private serve(record: SimRecord): void {
    const { name, type, count = 1, description, onWrite } = record.definition;
    const pv = this.servers.add(name, {
      type, count, description, initial: record.value, metadata: record.metadata, severity: record.alarm.severity, status: record.alarm.status,
      ...(onWrite ? { onWrite: ({ value }) => this.write(onWrite, value) } : {}),
    });
    record.onChange((change) => pv.update(change));
  }

  /** Writes happen at the time they come, and what they start is due from then on. */
  private write(onWrite: NonNullable<SimRecord['definition']['onWrite']>, value: SimRecord['value']): void | Promise<void> {
    this.advance();
    try {
      return onWrite(value);
    } finally {
      this.schedule();
    }
  }

  private advance(): void {
    const { clock } = this.beamline;
    const now = steadySeconds() - this.origin;
    if (now - clock.now > longestLag) this.origin += now - clock.now;
    clock.advance(steadySeconds() - this.origin);
  }

  private tick(): void {
    this.advance();
    this.schedule();
  }

  private schedule(): void {
    if (this.timer) clearTimeout(this.timer);
    const wait = (this.beamline.clock.nextDue - (steadySeconds() - this.origin)) * 1000;
    this.timer = setTimeout(() => this.tick(), Math.min(Math.max(Math.ceil(wait), 0), longestPause));
  }
}

function steadySeconds(): number {
  return performance.now() / 1000;
}

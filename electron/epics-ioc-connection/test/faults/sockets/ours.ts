// Our own server in a process of its own, that can be killed, stopped and started again; every write is in a file before it is acknowledged.
import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reading } from '../../../src';
import type { Protocol } from './answers';
import type { FaultServerOrder, FaultServerReport } from './faultServer';
import { freePort } from './freePort';
import { killChild } from './killChild';
import type { Ioc, IocNames } from './ioc';

/** Milliseconds between two values of a PV: with thousands of PVs a second. */
const period = (channels: number): number => channels > 100 ? 1000 : 50;

export class OurIoc implements Ioc {
  readonly names: IocNames;
  private child: ChildProcess | null = null;
  private tcpPort = 0;
  private readonly log: string;

  private constructor(private readonly protocol: Protocol, readonly udpPort: number, folder: string, id: string, private readonly channels: number) {
    this.log = join(folder, `${id}.puts`);
    this.names = { clocks: Array.from({ length: channels }, (_, i) => `P${i}`), targets: ['Q0', 'Q1', 'Q2'], wave: 'W' };
  }

  static async make(protocol: Protocol, folder: string, id: string, channels: number): Promise<OurIoc> {
    return new OurIoc(protocol, await freePort(), folder, id, channels);
  }

  /** The PVs hold the time of all processes of this machine. */
  momentOf({ value }: Reading): number { return value as number; }

  async start({ newPort = false } = {}): Promise<void> {
    if (this.tcpPort === 0 || newPort) this.tcpPort = await freePort();
    const { protocol, tcpPort, udpPort, log, channels, names } = this;
    const order: FaultServerOrder = { protocol, tcpPort, udpPort, log, names, period: period(channels) };
    const child = fork(join(__dirname, 'faultServer.cjs'), [JSON.stringify(order)], { execArgv: ['--expose-gc'] });
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('exit', (code) => reject(new Error(`The server ended with code ${code} before it was ready.`)));
    });
    child.removeAllListeners('exit');
  }

  async kill(): Promise<void> {
    const { child } = this;
    this.child = null;
    await killChild(child);
  }

  freeze(): void { this.child?.kill('SIGSTOP'); }
  thaw(): void { this.child?.kill('SIGCONT'); }
  setClock(offset: number): void { this.child?.send({ clock: offset }); }
  flood(on: boolean): void { this.child?.send({ flood: on }); }

  /** `memory`: collect it first. */
  report({ memory = false } = {}): Promise<FaultServerReport> {
    const { child } = this;
    if (!child) return Promise.reject(new Error('There is no server to ask.'));
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error('The server ended when it was asked.'));
      child.once('exit', ended);
      child.once('message', (report: FaultServerReport) => {
        child.off('exit', ended);
        resolve(report);
      });
      child.send({ report: { memory } });
    });
  }

  async targets(): Promise<ReadonlyMap<string, number>> { return new Map(Object.entries((await this.report()).targets)); }

  /** A write that was under way when the process was killed may have left half a line: it was not acknowledged. */
  puts(): Promise<readonly number[]> {
    const text = existsSync(this.log) ? readFileSync(this.log, 'utf8') : '';
    return Promise.resolve(text.split('\n').slice(0, -1).map(Number));
  }
}

// Our servers for other people's clients: the same PVs over Channel Access and pvAccess.
import { CaServer, PvaServer, ServerGroup } from 'epics-ioc-connection';
import type { AlarmStatus, PvaServerOptions, PvValue, ServerPv, Severity } from 'epics-ioc-connection';
import { freePort, pvaEnvironment } from '../../ioc/softIoc';

export interface OurServer {
  readonly environment: Readonly<Record<string, string>>;
  /** Ends it and starts another one on the same ports; the values begin again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const slowly = 400;

/** `keychain`: pvAccess by TLS too. */
export async function startOurServer(keychain?: string): Promise<OurServer> {
  const [ca, tcp, udp, repeater] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const tls = keychain === undefined ? false as const : { keychain, port: await freePort() };
  let running = await serve(ca, tcp, udp, tls);
  return {
    environment: {
      ...pvaEnvironment({ tcp, udp }), EPICS_CA_ADDR_LIST: '127.0.0.1', EPICS_CA_AUTO_ADDR_LIST: 'NO', EPICS_CA_SERVER_PORT: String(ca), EPICS_CA_REPEATER_PORT: String(repeater),
    },
    async restart() {
      await running();
      // Long enough for a client to notice.
      await new Promise((resolve) => { setTimeout(resolve, 1500); });
      running = await serve(ca, tcp, udp, tls);
    },
    stop: () => running(),
  };
}

async function serve(ca: number, tcp: number, udp: number, tls: PvaServerOptions['tls'] & {} = false): Promise<() => Promise<void>> {
  const servers = new ServerGroup([new CaServer({ port: ca }), new PvaServer({ port: tcp, udpPort: udp, tls })]);
  const level = (value: number): { severity: Severity; status: AlarmStatus } =>
    value > 90 ? { severity: 'MAJOR', status: 'HIHI' } : value > 80 ? { severity: 'MINOR', status: 'HIGH' } : { severity: 'NO_ALARM', status: 'NO_ALARM' };
  const keep = (pv: () => ServerPv) => ({ value }: { value: PvValue }): void => { pv().update({ value }); };
  const double = servers.add('T:double', {
    type: 'DOUBLE', initial: 1.5, metadata: { units: 'mm', precision: 3 }, onWrite: ({ value }) => { double.update({ value, ...level(value as number) }); },
  });
  const choice = servers.add('T:enum', { type: 'ENUM', initial: 0, metadata: { states: ['Idle', 'Busy', 'Fault'] }, onWrite: keep(() => choice) });
  const text = servers.add('T:string', { type: 'STRING', initial: '', onWrite: keep(() => text) });
  const array = servers.add('T:array', { type: 'DOUBLE', count: 1000, initial: new Float64Array(0), onWrite: keep(() => array) });
  const done = servers.add('T:done', { type: 'LONG', initial: 0, onWrite: keep(() => done) });
  const slow = servers.add('T:slow', {
    type: 'LONG', initial: 0,
    onWrite: async ({ value }) => {
      await new Promise((resolve) => { setTimeout(resolve, slowly); });
      slow.update({ value });
      done.update({ value });
    },
  });
  let count = 0;
  const counter = servers.add('T:counter', { type: 'LONG', initial: count });
  await servers.listen();
  const ticking = setInterval(() => { counter.update({ value: (count += 1) }); }, 50);
  return async () => {
    clearInterval(ticking);
    await servers.close();
  };
}

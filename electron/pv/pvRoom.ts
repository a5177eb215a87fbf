// The PV room: the service, its part of the contract, and the change of networks without a restart.
import type { CaClientOptions, ProtocolClient, PvaClientOptions } from 'epics-ioc-connection';
import type { Session } from '../ipc/handlers';
import type { Room } from '../room';
import { CaSource } from './caSource';
import { ClientNotices } from './clientNotices';
import { FrameFeed } from './frameFeed';
import { LocSource } from './locSource';
import type { KnownName, PvNetwork } from './network';
import { PvaSource } from './pvaSource';
import { PvService, type PvStatistics } from './pvService';
import { SimSource } from './simSource';
import { WriteLog } from './writeLog';
import { Writer } from './writer';

export interface PvNotice { readonly id: string; readonly level: 'warning'; readonly message: string }
export interface PvRoomOptions {
  /** Makes the Channel Access client of a network. */
  createClient(options: CaClientOptions): ProtocolClient;
  /** Makes the pvAccess client, when the first pva:// PV is asked for. Without it such PVs can't be used. */
  createPvaClient?(options: PvaClientOptions): ProtocolClient;
  /** Folder of the record of writes, `writes-2026-11.jsonl` a month; null: only in memory. */
  readonly writesFolder: string | null;
  /** Two servers for one PV, bytes that break the protocol, a record of writes that can't be written. `null`: it is over. */
  onNotice?(id: string, notice: PvNotice | null): void;
}
export type PvMethods =
  | 'pv.attach' | 'pv.detach' | 'pv.frames' | 'pv.seen' | 'pv.read' | 'pv.info' | 'pv.names' | 'pv.write' | 'pv.writes';

export interface PvRoom extends Room<PvMethods> {
  readonly access: PvService;
  readonly statistics: PvStatistics;
  /** Puts another network in use: all watched PVs move over, nothing of the old one is shown as live. */
  configure(network: PvNetwork): Promise<void>;
  dispose(): Promise<void>;
}

export function createPvRoom(options: PvRoomOptions): PvRoom {
  const notice = (id: string, message: string | null) => options.onNotice?.(id, message === null ? null : { id, level: 'warning', message });
  const log = new WriteLog({ folder: options.writesFolder, onProblem: (message) => notice('pv.writes', message) });
  const writer = new Writer(log);
  const service = new PvService({ sim: new SimSource(), loc: new LocSource() }, writer);
  const feeds = new Map<string, FrameFeed>();
  let names: readonly KnownName[] = [];
  let warnings = new ClientNotices(notice);
  let pvaWarnings = new ClientNotices(notice, 'pva');

  const feedOf = (session: Session): FrameFeed => {
    const known = feeds.get(session.id);
    if (known) return known;
    const feed = new FrameFeed((pv, listener) => service.watch(pv, listener));
    feeds.set(session.id, feed);
    session.scope.add({ dispose() {
      feeds.delete(session.id);
      feed.dispose();
    } });
    return feed;
  };

  return {
    access: service,
    get statistics() { return service.statistics; },
    async configure(network) {
      const client = options.createClient(network.client);
      warnings.dispose();
      warnings = new ClientNotices(notice);
      warnings.follow(client);
      names = network.names;
      writer.useRules({ profile: network.profile, limits: network.limits });
      pvaWarnings.dispose();
      const pvaNotices = pvaWarnings = new ClientNotices(notice, 'pva');
      const { createPvaClient } = options;
      const pva = createPvaClient && new PvaSource(() => {
        const made = createPvaClient(network.pva);
        pvaNotices.follow(made);
        return made;
      });
      await service.useNetwork(new CaSource(client), pva);
    },
    handlers: {
      'pv.attach': ({ pvs }, session) => feedOf(session).attach(pvs),
      'pv.detach': ({ pvs }, session) => feedOf(session).detach(pvs),
      'pv.frames': (_args, emit, session) => feedOf(session).listen(emit),
      'pv.seen': ({ frames }, session) => feedOf(session).seen(frames),
      'pv.read': ({ pv, timeout }) => service.read(pv, { timeout }),
      'pv.info': ({ pv }) => service.info(pv),
      'pv.names': ({ text, limit }) => findNames([...names, ...service.connectedNames().map((pv) => ({ pv }))], text, limit),
      // A move may take as long as it takes: a put-callback is awaited without a limit, and its outcome recorded even when the window is gone.
      'pv.write': ({ pv, value, wait, source }, session) =>
        service.write(pv, value, { source, user: session.user, observer: session.observer }, wait ? { wait, timeout: 0 } : {}),
      'pv.writes': (_args, emit) => {
        const listening = log.onChange(emit);
        emit(log.list().slice());
        return listening;
      },
    },
    async dispose() {
      for (const feed of feeds.values()) feed.dispose();
      warnings.dispose();
      pvaWarnings.dispose();
      await service.dispose();
      await log.flush();
    },
  };
}

/** Names that contain the text, whatever its case; those that begin with it first. */
export function findNames(names: readonly KnownName[], text: string, limit: number): KnownName[] {
  const wanted = text.trim().toLowerCase();
  const found = new Map<string, KnownName>();
  for (const name of names) {
    const hit = name.pv.toLowerCase().includes(wanted) || (name.description?.toLowerCase().includes(wanted) ?? false);
    if (hit && !found.get(name.pv)?.description) found.set(name.pv, name);
  }
  const starts = (name: KnownName) => (name.pv.toLowerCase().startsWith(wanted) ? 0 : 1);
  return [...found.values()].sort((one, other) => starts(one) - starts(other)).slice(0, limit);
}

// Warnings of the protocol's client as notices: one a kind, however many PVs it concerns, over after a while where it is not a lasting one.
import type { ProtocolClient } from 'epics-ioc-connection';
import type { Disposable } from '@shared/disposable';

/** Milliseconds that a passing event stays on view. */
const shownFor = 60_000;
/** These hold until the profile changes. */
const lasting = new Set(['DUPLICATE_PV', 'NO_ADDRESSES', 'UNKNOWN_HOST']);

interface Kind { readonly about: Set<string>; timer: ReturnType<typeof setTimeout> | undefined }

export class ClientNotices implements Disposable {
  #kinds = new Map<string, Kind>();
  #following: Disposable | null = null;

  /** `tell(id, null)`: it is over. */
  constructor(private readonly tell: (id: string, message: string | null) => void, private readonly protocol: 'ca' | 'pva' = 'ca') {}

  follow(client: Pick<ProtocolClient, 'onWarning'>): void {
    this.#following = client.onWarning(({ code, message, pv, host }) => {
      const kind: Kind = this.#kinds.get(code) ?? { about: new Set(), timer: undefined };
      this.#kinds.set(code, kind);
      if (kind.about.size < 10_000) kind.about.add(pv ?? host ?? '');
      const others = kind.about.size - 1;
      this.tell(`${this.protocol}.${code}`, others > 0 ? `${message} The same of ${others} other${others === 1 ? '' : 's'}.` : message);
      clearTimeout(kind.timer);
      if (!lasting.has(code)) {
        kind.timer = setTimeout(() => {
          this.#kinds.delete(code);
          this.tell(`${this.protocol}.${code}`, null);
        }, shownFor);
        kind.timer.unref?.();
      }
    });
  }

  dispose(): void {
    this.#following?.dispose();
    for (const [code, { timer }] of this.#kinds) {
      clearTimeout(timer);
      this.tell(`${this.protocol}.${code}`, null);
    }
    this.#kinds.clear();
  }
}

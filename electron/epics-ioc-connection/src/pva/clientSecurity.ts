// Which answers of servers a client follows: by TLS where both have it, by plain TCP where nobody has, and never by the second after the first failed.
import { openKeychain } from '../tls/keychain';
import type { Keychain } from '../tls/keychain';
import type { TlsSettings } from './clientOptions';
import type { SearchResponse } from './protocol';

/** A server that was found and cannot be used, and why. */
export interface Obstacle {
  readonly guid: string;
  readonly reason: string;
  /** TLS was offered and failed. */
  readonly tls: boolean;
}

export type Route = { readonly secured: boolean } | { readonly refused: string } | null;

const byTls = { secured: true } as const;
const plainly = { secured: false } as const;

export class ClientSecurity {
  readonly keychain: Keychain | null;
  private readonly required: boolean;

  /** Errors: `CaError` BAD_KEYCHAIN. `now`: milliseconds since 1970. */
  constructor(settings: TlsSettings | null, now: number) {
    this.keychain = settings ? openKeychain(settings, 'client', now) : null;
    this.required = settings?.required ?? false;
  }

  /** Its keychain has a certificate of our own: servers by TLS know by it who we are. */
  get certified(): boolean { return (this.keychain?.own ?? null) !== null; }

  /**
   * How to reach a PV where `answer` says; null: not at all, and nobody needs to hear why. `through`: how the answer came where it means the very
   * connection that it came by. `obstacle`: what was in the way the last time.
   */
  route(answer: SearchResponse, server: string, through: { readonly secured: boolean } | null, obstacle: Obstacle | null): Route {
    const offered = answer.protocol === 'tls';
    if (!offered && answer.protocol !== 'tcp') return null;
    const secured = through ? through.secured : offered;
    if (secured) return this.keychain ? byTls : null;
    if (offered && this.keychain) return { refused: `${server} offers TLS and does not say where: name it as a name server with pvas://, or search by UDP.` };
    if (this.required) return { refused: `${server} offers no TLS, which this client requires: give that server a keychain (EPICS_PVAS_TLS_KEYCHAIN), or do not require it (tls.required).` };
    if (obstacle?.tls && obstacle.guid === answer.guid) return { refused: obstacle.reason };
    return plainly;
  }
}

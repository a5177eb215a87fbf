// The way to the services in Electron: a MessagePort that the preload script hands over after `window.endstation.connect()`.
import type { ServerFrame } from '@shared/contract/wire';
import type { Transport, TransportEvents } from './transport';

declare global {
  interface Window { readonly endstation?: { connect(): void } }
}

/** True where a preload script of ours has run. */
export function hasPreload(): boolean { return window.endstation !== undefined; }

export function portTransport(): Transport {
  let port: MessagePort | null = null;
  let listening: ((event: MessageEvent) => void) | null = null;

  function take(next: MessagePort, events: TransportEvents): void {
    if (port) {
      port.close();
      events.closed('The services were started again.');
    }
    port = next;
    next.onmessage = (event: MessageEvent<ServerFrame>) => events.frame(event.data);
    next.start();
    events.opened();
  }

  return {
    start(events) {
      listening = (event) => {
        const next = event.ports[0];
        if (event.source === window && event.data === 'endstation:port' && next) take(next, events);
      };
      window.addEventListener('message', listening);
      window.endstation?.connect();
    },
    send: (frame) => port?.postMessage(frame),
    close() {
      if (listening) window.removeEventListener('message', listening);
      port?.close();
      port = null;
    },
  };
}

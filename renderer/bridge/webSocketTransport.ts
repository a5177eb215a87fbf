// The way to the services in a browser: a WebSocket to the page's own origin, opened again by itself when it is lost.
import type { ServerFrame } from '@shared/contract/wire';
import { decodeFrame, encodeFrame } from '@shared/contract/codec';
import type { Transport, TransportEvents } from './transport';

const firstRetry = 250;
const longestRetry = 4000;

/** `/socket` on the page's origin, with the token that the page was opened with, where it has one. */
export function socketUrl(page: Location): string {
  const url = new URL('/socket', page.href);
  url.protocol = page.protocol === 'https:' ? 'wss:' : 'ws:';
  const token = new URLSearchParams(page.search).get('token');
  if (token) url.searchParams.set('token', token);
  return url.href;
}

export function webSocketTransport(url: string): Transport {
  let socket: WebSocket | null = null;
  let retry = firstRetry;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  function open(events: TransportEvents): void {
    const own = new WebSocket(url);
    socket = own;
    own.binaryType = 'arraybuffer';
    own.onopen = () => {
      retry = firstRetry;
      events.opened();
    };
    own.onmessage = (event: MessageEvent<unknown>) => {
      if (event.data instanceof ArrayBuffer) events.frame(decodeFrame(new Uint8Array(event.data)) as ServerFrame);
    };
    own.onclose = (event) => {
      if (closed) return;
      events.closed(event.reason || 'The connection to the Endstation services is lost.');
      timer = setTimeout(() => open(events), retry);
      retry = Math.min(retry * 2, longestRetry);
    };
  }

  return {
    start: open,
    send: (frame) => socket?.send(encodeFrame(frame)),
    close() {
      closed = true;
      clearTimeout(timer);
      socket?.close();
    },
  };
}

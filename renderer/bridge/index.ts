// The one bridge of this window. Everybody uses it from here; main.ts connects it.
//   const info = await bridge.call('pv.info', { pv });
//   const end = bridge.listen('scan.status', {}, (status) => ...);   // dispose() of it, or use useStream() in a component
import { Bridge } from './bridge';
import { hasPreload, portTransport } from './portTransport';
import type { Transport } from './transport';
import { socketUrl, webSocketTransport } from './webSocketTransport';

export const bridge = new Bridge();

/** Electron's port where there is a preload script, else a WebSocket to where the page came from. */
export function chooseTransport(): Transport {
  if (hasPreload()) return portTransport();
  const url = socketUrl(window.location);
  // Whoever sees the address bar, or a bookmark, is not to have the token; a reload has the host's cookie.
  if (window.location.search.includes('token=')) window.history.replaceState(null, '', window.location.pathname + window.location.hash);
  return webSocketTransport(url);
}

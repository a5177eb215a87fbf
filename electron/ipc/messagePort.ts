// Carries the contract over a MessagePort: hands one to a window that asks, after checking that it is ours.
import { ipcMain, MessageChannelMain } from 'electron';
import type { WebContents } from 'electron';
import { disposable } from '@shared/disposable';
import type { Disposable } from '@shared/disposable';
import type { Connection, Peer } from './serve';

export const connectChannel = 'endstation:connect';
export const portChannel = 'endstation:port';

export interface MessagePortOptions {
  /** Whether a frame of this address may have the services: our own page, nothing else. */
  allows(url: string): boolean;
  /** Makes the services' end. */
  connect(peer: Peer): Connection;
  readonly user: string;
  readonly observer: boolean;
}

/** One connection a window: a reload's new request ends the old one. */
export function serveMessagePorts(options: MessagePortOptions): Disposable {
  const connections = new Map<WebContents, Connection>();
  const drop = (contents: WebContents): void => {
    const connection = connections.get(contents);
    connections.delete(contents);
    connection?.dispose();
  };

  const onConnect = (event: Electron.IpcMainEvent): void => {
    const { sender, senderFrame } = event;
    // A frame that is gone, that is inside another, or that shows another page gets no port.
    if (!senderFrame || senderFrame !== sender.mainFrame || !options.allows(senderFrame.url)) return;
    drop(sender);
    const { port1, port2 } = new MessageChannelMain();
    const connection = options.connect({ observer: options.observer, user: options.user, send: (frame) => port1.postMessage(frame) });
    connections.set(sender, connection);
    const end = (): void => {
      if (connections.get(sender) === connection) drop(sender);
      sender.removeListener('destroyed', end);
      sender.removeListener('render-process-gone', end);
    };
    port1.on('message', ({ data }) => connection.receive(data));
    // A page that reloads, leaves or crashes closes its end; the others are for a process that could not.
    port1.on('close', end);
    sender.on('destroyed', end);
    sender.on('render-process-gone', end);
    port1.start();
    senderFrame.postMessage(portChannel, null, [port2]);
  };

  ipcMain.on(connectChannel, onConnect);
  return disposable(() => {
    ipcMain.removeListener(connectChannel, onConnect);
    for (const contents of [...connections.keys()]) drop(contents);
  });
}

// The browser host: the same services without Electron, for a browser of this machine. HTTP for the page, a WebSocket for the contract.
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { EndstationError } from '@shared/errors';
import { WebSocketServer } from 'ws';
import { largestMessage, serveWebSocket } from './ipc/webSocket';
import type { Services } from './services';
import { cookieName, newToken, refusalOf } from './web/accessGuard';
import { contentPolicy, securityHeaders } from './web/contentPolicy';
import { readPageFile } from './web/pageFiles';

export interface HeadlessOptions {
  readonly services: Pick<Services, 'connect'>;
  /** Folder of the built page. */
  readonly renderer: string;
  readonly user: string;
  /** Default 0: a free one is taken. */
  readonly port?: number;
  /** Only loopback names. Default 127.0.0.1. */
  readonly host?: string;
  readonly observer?: boolean;
}

export interface Headless {
  /** With the token: whoever has it is the user. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const loopbackHosts = ['127.0.0.1', 'localhost', '::1', '[::1]'];
/** Milliseconds between pings; a browser that missed one is gone. */
const pingPeriod = 30_000;

/** Errors: NOT_LOOPBACK, PORT_IN_USE, PORT_NOT_ALLOWED, LISTEN_FAILED. */
export async function startHeadless(options: HeadlessOptions): Promise<Headless> {
  const host = options.host ?? '127.0.0.1';
  if (!loopbackHosts.includes(host)) {
    throw new EndstationError('NOT_LOOPBACK',
      `The browser host does not listen on ${host}: whoever reaches it can move motors, and its traffic is not encrypted. `
      + 'Leave --host out, and reach it from another machine through an SSH tunnel: ssh -L PORT:127.0.0.1:PORT MACHINE.');
  }
  const token = newToken();
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestMessage, perMessageDeflate: false });
  const port = await listen(server, host.replace(/[[\]]/g, ''), options.port ?? 0);

  server.on('request', (request, response) => { void answer(request, response, options.renderer, token, port); });
  server.on('upgrade', (request, socket, head) => {
    const refusal = refusalOf(request, token, port, 'socket');
    if (refusal !== null) refuseUpgrade(socket, refusal.status, refusal.message);
    else if (pathOf(request) !== '/socket') refuseUpgrade(socket, 404, 'Not found.');
    else sockets.handleUpgrade(request, socket, head, (webSocket) => {
      serveWebSocket(webSocket, { connect: (peer) => options.services.connect(peer), user: options.user, observer: options.observer ?? false });
      let answered = true;
      webSocket.on('pong', () => { answered = true; });
      const pings = setInterval(() => {
        if (!answered) webSocket.terminate();
        answered = false;
        webSocket.ping();
      }, pingPeriod);
      webSocket.on('close', () => clearInterval(pings));
    });
  });

  const name = host.includes(':') ? '[::1]' : host === 'localhost' ? 'localhost' : '127.0.0.1';
  return {
    url: `http://${name}:${port}/?token=${token}`,
    port,
    close: () => new Promise((resolve) => {
      for (const webSocket of sockets.clients) webSocket.terminate();
      sockets.close();
      server.close(() => resolve());
      // Keep-alive connections would hold the server open; Node 16 has no call for it.
      for (const connection of connectionsOf.get(server) ?? []) connection.destroy();
    }),
  };
}

const connectionsOf = new WeakMap<Server, Set<Duplex>>();

function listen(server: Server, host: string, port: number): Promise<number> {
  const connections = new Set<Duplex>();
  connectionsOf.set(server, connections);
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const what = `The browser host can't listen on ${host}:${port}`;
      if (cause.code === 'EADDRINUSE') reject(new EndstationError('PORT_IN_USE', `${what}: another program uses that port. Choose another --port, or 0 for any free one.`, { cause }));
      else if (cause.code === 'EACCES') reject(new EndstationError('PORT_NOT_ALLOWED', `${what}: you may not use that port. Choose one above 1023.`, { cause }));
      else reject(new EndstationError('LISTEN_FAILED', `${what}: ${cause.message}.`, { cause }));
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').replace(/[?#].*$/, '');
}

async function answer(request: IncomingMessage, response: ServerResponse, renderer: string, token: string, port: number): Promise<void> {
  const headers = securityHeaders(contentPolicy([`ws://${request.headers.host ?? ''}`]));
  const say = (status: number, text: string): void => {
    response.writeHead(status, { ...securityHeaders(contentPolicy()), 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
  };
  const refusal = refusalOf(request, token, port, 'page');
  if (refusal !== null) return say(refusal.status, refusal.message);
  if (request.method !== 'GET' && request.method !== 'HEAD') return say(405, 'Only GET and HEAD.');
  const path = pathOf(request);
  const file = await readPageFile(renderer, path);
  if (file === null) return say(404, path === '/' ? 'The user interface is not built. Run: npm run build' : 'Not found.');
  response.writeHead(200, {
    ...headers, 'Content-Type': file.type, 'Content-Length': file.bytes.length,
    // So that the page's own files, its socket and a reload need no token in their address.
    'Set-Cookie': `${cookieName(port)}=${token}; HttpOnly; SameSite=Strict; Path=/`,
  });
  response.end(request.method === 'HEAD' ? undefined : file.bytes);
}

function refuseUpgrade(socket: Duplex, status: number, text: string): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} Refused\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`);
}

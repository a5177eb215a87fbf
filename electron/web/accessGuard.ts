// Who may talk to the browser host: this machine's browser, at this server's own address, with the token that was printed.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export type Refusal = { readonly status: 401 | 403; readonly message: string };

/** 256 bits, in letters that a URL and a cookie carry as they are. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** In a time that does not depend on how much of it is right. */
export function sameToken(given: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given ?? ''), digest(token)) && given !== undefined;
}

/** Cookies know no ports: two servers on one machine need two names. */
export function cookieName(port: number): string {
  return `endstation-${port}`;
}

function cookieOf(request: IncomingMessage, name: string): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name) return value;
  }
  return undefined;
}

/**
 * Host first: a page of another name that was pointed at this address (DNS rebinding) says its own name there. Then Origin, which
 * every WebSocket and every foreign page's request carries; then the token, by address or by cookie. Null: may pass.
 */
export function refusalOf(request: IncomingMessage, token: string, port: number, kind: 'page' | 'socket'): Refusal | null {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];
  const { host, origin } = request.headers;
  if (host === undefined || !hosts.includes(host.toLowerCase())) {
    return { status: 403, message: `This server only answers at http://127.0.0.1:${port}. Open the address that it printed.` };
  }
  const own = origin !== undefined && hosts.some((name) => origin.toLowerCase() === `http://${name}`);
  if (!own && (origin !== undefined || kind === 'socket')) {
    return { status: 403, message: 'This request comes from another page. Open the address that the server printed.' };
  }
  const given = new URLSearchParams((request.url ?? '').split('?')[1] ?? '').get('token') ?? cookieOf(request, cookieName(port));
  if (!sameToken(given, token)) {
    return { status: 401, message: 'The token is missing or is that of another start. Open the whole address that the server printed, with its token.' };
  }
  return null;
}

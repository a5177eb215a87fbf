import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeFrame, encodeFrame } from '@shared/contract/codec';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { startHeadless } from './headless';
import type { Headless } from './headless';
import type { Handlers } from './ipc/handlers';
import { serve } from './ipc/serve';

let folder: string;
let server: Headless;
let disposed: number;
let token: string;
const open: WebSocket[] = [];

const handlers = {
  'runs.list': () => [],
  'scan.abort': () => undefined,
  'compute.peakStatistics': ({ x }: { x: Float64Array }) => ({ x }),
  'runs.changed': () => ({ dispose: () => { disposed += 1; } }),
} as unknown as Handlers;

async function start(options: { observer?: boolean } = {}) {
  const started = await startHeadless({ services: { connect: (peer) => serve(handlers, peer) }, renderer: join(folder, 'renderer'), user: 'ada', ...options });
  token = new URL(started.url).searchParams.get('token') ?? '';
  return started;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headless-'));
  await mkdir(join(folder, 'renderer', 'assets'), { recursive: true });
  await writeFile(join(folder, 'renderer', 'index.html'), '<!doctype html><title>Endstation</title>');
  await writeFile(join(folder, 'renderer', 'assets', 'main.js'), 'export {};');
  await writeFile(join(folder, 'secret.json'), '{"secret": true}');
  disposed = 0;
  server = await start();
});
afterEach(async () => {
  for (const each of open.splice(0)) each.terminate();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

interface Answer { status: number; body: string; headers: IncomingHttpHeaders }
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
      let body = '';
      response.on('data', (data: Buffer) => { body += data.toString(); });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }));
    });
    sent.on('error', reject);
    sent.end();
  });
}
/** Resolves with the HTTP status of the refusal, or 101. */
function dial(path: string, headers: Record<string, string>): Promise<{ status: number; socket: WebSocket }> {
  return new Promise((resolve, reject) => {
    const made = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers });
    open.push(made);
    made.on('open', () => resolve({ status: 101, socket: made }));
    made.on('unexpected-response', (_request, response) => resolve({ status: response.statusCode ?? 0, socket: made }));
    made.on('error', (error) => { if (!/Unexpected server response|closed before/.test(error.message)) reject(error); });
  });
}
const here = () => `http://127.0.0.1:${server.port}`;
const next = (from: WebSocket) => new Promise<unknown>((resolve) => { from.once('message', (data: Buffer) => resolve(decodeFrame(data))); });

describe('the browser host\'s page', () => {
  it('is served with the token, and keeps it in a cookie that no script and no other site sees', async () => {
    const page = await get(`/?token=${token}`);
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('Endstation') as string });
    expect(token.length).toBeGreaterThanOrEqual(40);
    const [cookie = ''] = page.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
    expect((await get('/', { cookie: cookie.split(';')[0] ?? '' })).status).toBe(200);
    expect((await get('/assets/main.js', { cookie: `other=1; ${cookie.split(';')[0] ?? ''}` })).headers['content-type']).toContain('text/javascript');
  });

  it('carries a strict policy, and tells nobody its address', async () => {
    const { headers } = await get(`/?token=${token}`);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toMatch(/script-src 'self';/);
    expect(headers['content-security-policy']).toContain(`ws://127.0.0.1:${server.port}`);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'x-frame-options': 'DENY' });
  });

  it.each([
    ['no token', () => ['/', {}], 401],
    ['a wrong token', () => ['/?token=wrong', {}], 401],
    ['a token that is only the beginning', () => [`/?token=${token.slice(0, -1)}`, {}], 401],
    ['a wrong cookie', () => ['/', { cookie: `endstation-${server.port}=wrong` }], 401],
    ['another name for this address', () => [`/?token=${token}`, { host: `attacker.example:${server.port}` }], 403],
    ['this address without the port', () => [`/?token=${token}`, { host: '127.0.0.1' }], 403],
    ['another port', () => [`/?token=${token}`, { host: '127.0.0.1:1' }], 403],
    ['another page\'s request', () => [`/?token=${token}`, { origin: 'https://attacker.example' }], 403],
    ['a page on another port of this machine', () => [`/?token=${token}`, { origin: 'http://127.0.0.1:1' }], 403],
    ['a page without an origin', () => [`/?token=${token}`, { origin: 'null' }], 403],
  ] as [string, () => [string, Record<string, string>], number][])('refuses %s', async (_what, made, status) => {
    const [path, headers] = made();
    const answer = await get(path, headers);
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain('<title>');
    expect(answer.body).not.toContain(token);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it.each(['/../secret.json', '/%2e%2e/secret.json', '/..%2fsecret.json', '/assets/../../secret.json', '/%2e%2e%2fsecret.json', '/..%5csecret.json',
    '/assets', '/assets/', '/nothing.js', '/%00', '/%', '//etc/passwd', '//', '//:0/'])('has nothing at %s', async (path) => {
    const answer = await get(`${path}?token=${token}`);
    expect(answer.status).toBe(404);
    expect(answer.body).not.toContain('secret');
  });

  it('only reads', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) expect((await get(`/?token=${token}`, {}, method)).status).toBe(405);
    expect(await get(`/?token=${token}`, {}, 'HEAD')).toMatchObject({ status: 200, body: '' });
  });
});

describe('the browser host\'s socket', () => {
  it('carries calls and typed arrays, with the token in its address or in the cookie', async () => {
    for (const [path, headers] of [[`/socket?token=${token}`, {}], ['/socket', { cookie: `endstation-${server.port}=${token}` }]] as [string, Record<string, string>][]) {
      const { status, socket: made } = await dial(path, { origin: here(), ...headers });
      expect(status).toBe(101);
      made.send(encodeFrame({ t: 'call', id: 1, method: 'compute.peakStatistics', args: { x: new Float64Array([NaN, Infinity, 1.5]), y: new Float64Array(3) } }));
      expect(await next(made)).toEqual({ t: 'result', id: 1, value: { x: new Float64Array([NaN, Infinity, 1.5]) } });
    }
  });

  it.each([
    ['no token', () => ['/socket', { origin: here() }], 401],
    ['a wrong token', () => ['/socket?token=wrong', { origin: here() }], 401],
    ['no origin', () => [`/socket?token=${token}`, {}], 403],
    ['another page', () => [`/socket?token=${token}`, { origin: 'https://attacker.example' }], 403],
    ['another page with the browser\'s cookie', () => ['/socket', { origin: 'https://attacker.example', cookie: `endstation-${server.port}=${token}` }], 403],
    ['another name for this address', () => [`/socket?token=${token}`, { origin: `http://attacker.example:${server.port}`, host: `attacker.example:${server.port}` }], 403],
    ['another path', () => [`/other?token=${token}`, { origin: here() }], 404],
  ] as [string, () => [string, Record<string, string>], number][])('is refused before its upgrade: %s', async (_what, made, status) => {
    const [path, headers] = made();
    expect((await dial(path, headers)).status).toBe(status);
  });

  it('ends what the window listened to when it goes', async () => {
    const { socket: made } = await dial(`/socket?token=${token}`, { origin: here() });
    made.send(encodeFrame({ t: 'listen', id: 1, method: 'runs.changed', args: {} }));
    made.send(encodeFrame({ t: 'call', id: 2, method: 'runs.list', args: {} }));
    await next(made);
    made.terminate();
    await expect.poll(() => disposed).toBe(1);
  });

  it('closes a window that sends what is no frame, or too much, and serves the others', async () => {
    const { socket: good } = await dial(`/socket?token=${token}`, { origin: here() });
    const { socket: garbled } = await dial(`/socket?token=${token}`, { origin: here() });
    const { socket: flooding } = await dial(`/socket?token=${token}`, { origin: here() });
    const closed = Promise.all([garbled, flooding].map((bad) => new Promise<number>((resolve) => { bad.on('close', resolve); })));
    garbled.send(new Uint8Array([0xc1, 0xff]));
    flooding.send(new Uint8Array(32 * 1024 * 1024 + 1));
    expect(await closed).toEqual([1007, 1009]);
    good.send(encodeFrame({ t: 'call', id: 2, method: 'runs.list', args: {} }));
    expect(await next(good)).toEqual({ t: 'result', id: 2, value: [] });
  });

  it('outlives an upgrade that is cut in the middle', async () => {
    const raw = connectTcp(server.port, '127.0.0.1');
    raw.write(`GET /socket HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`);
    raw.on('error', () => undefined);
    await new Promise((resolve) => { raw.once('data', resolve); });
    raw.destroy();
    expect((await get(`/?token=${token}`)).status).toBe(200);
  });

  it('gives an observer no commands', async () => {
    await server.close();
    server = await start({ observer: true });
    const { socket: made } = await dial(`/socket?token=${token}`, { origin: here() });
    made.send(encodeFrame({ t: 'call', id: 1, method: 'scan.abort', args: {} }));
    expect(await next(made)).toMatchObject({ t: 'error', error: { code: 'OBSERVER' } });
  });
});

describe('starting the browser host', () => {
  it.each(['0.0.0.0', '192.168.1.5', '::', 'beamline.example', '127.0.0.1.example'])('refuses to listen on %s', async (host) => {
    await expect(startHeadless({ services: { connect: (peer) => serve(handlers, peer) }, renderer: folder, user: 'ada', host })).rejects.toMatchObject({ code: 'NOT_LOOPBACK' });
  });

  it('says that a port is in use, and what to do', async () => {
    await expect(startHeadless({ services: { connect: (peer) => serve(handlers, peer) }, renderer: folder, user: 'ada', port: server.port }))
      .rejects.toMatchObject({ code: 'PORT_IN_USE', message: expect.stringContaining('--port') as string });
  });
});

// Electron's way to the page: a scheme of our own that serves only the built files, with the policy as a header. No file:// at all.
import { protocol } from 'electron';
import { contentPolicy, securityHeaders } from '../web/contentPolicy';
import { readPageFile } from '../web/pageFiles';

const scheme = 'app';
const host = 'endstation';
export const pageUrl = `${scheme}://${host}/`;

/** Before the application is ready. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } }]);
}

/** Whether an address is our page's. */
export function isPageUrl(url: string): boolean {
  return url === pageUrl || url.startsWith(`${pageUrl}#`) || url.startsWith(`${pageUrl}?`) || url === `${pageUrl}index.html`;
}

/** `renderer`: folder of the built page. */
export function serveAppScheme(renderer: string): void {
  const headers = securityHeaders(contentPolicy());
  const read = async (address: string) => {
    const url = new URL(address);
    return url.host === host ? readPageFile(renderer, url.pathname) : null;
  };
  // Electron 25 brought `handle`; 22 has the buffer protocol.
  if (typeof protocol.handle === 'function') {
    protocol.handle(scheme, async (request) => {
      const file = await read(request.url);
      if (file === null) return new Response('Not found.', { status: 404, headers });
      return new Response(new Uint8Array(file.bytes), { headers: { ...headers, 'Content-Type': file.type } });
    });
    return;
  }
  protocol.registerBufferProtocol(scheme, (request, callback) => {
    void read(request.url).then((file) => {
      if (file === null) callback({ statusCode: 404, mimeType: 'text/plain', data: Buffer.from('Not found.'), headers });
      else callback({ mimeType: file.type.replace(/;.*/, ''), charset: 'utf-8', data: file.bytes, headers: { ...headers, 'Content-Type': file.type } });
    });
  });
}

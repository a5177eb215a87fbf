// The built user interface as a set of files: a request's path becomes a file of that folder, or nothing.
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';

const mimeTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8', '.json': 'application/json', '.map': 'application/json', '.svg': 'image/svg+xml', '.png': 'image/png',
  '.ico': 'image/x-icon', '.woff2': 'font/woff2', '.wasm': 'application/wasm',
};

export interface PageFile { readonly type: string; readonly bytes: Buffer }

/** The file inside `folder` that a URL's path names, `/` being its index.html; null where the path leaves the folder or has no known type. */
export function pageFilePath(folder: string, urlPath: string): string | null {
  let path: string;
  try {
    path = decodeURIComponent(urlPath);
  } catch {
    return null;
  }
  if (!path.startsWith('/') || path.includes('\0') || path.includes('\\')) return null;
  const file = normalize(join(folder, path === '/' ? 'index.html' : path));
  if (!file.startsWith(folder + sep) || !Object.hasOwn(mimeTypes, extname(file))) return null;
  return file;
}

export async function readPageFile(folder: string, urlPath: string): Promise<PageFile | null> {
  const file = pageFilePath(folder, urlPath);
  if (file === null) return null;
  // A file that is not there and one that can't be read are the same to a browser.
  const bytes = await readFile(file).catch(() => null);
  return bytes === null ? null : { bytes, type: mimeTypes[extname(file)] ?? 'application/octet-stream' };
}

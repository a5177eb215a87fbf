// Display files of the browser's own machine: the services can't read them, so their texts are kept here while the window is open.
import { EndstationError } from '@shared/errors';
import { bridge } from '../../bridge';

const prefix = 'upload:';
const texts = new Map<string, string>();
const baseName = (path: string) => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

export function isUpload(path: string): boolean {
  return path.startsWith(prefix);
}

/** Keeps the texts; the path of the first display among them, null where there is none. */
export async function keepUploads(files: Iterable<File>): Promise<string | null> {
  const paths: string[] = [];
  for (const file of files) {
    texts.set(file.name, await file.text());
    paths.push(prefix + file.name);
  }
  return paths.find((path) => path.toLowerCase().endsWith('.bob')) ?? paths[0] ?? null;
}

/** A display's text, from the services or from what was chosen here. Errors: EndstationError that says which file and why. */
export async function readDisplayFile(path: string, from?: string): Promise<{ path: string; text: string }> {
  if (!isUpload(path) && (from === undefined || !isUpload(from))) return bridge.call('displays.read', from === undefined ? { path } : { path, from });
  const name = baseName(isUpload(path) ? path.slice(prefix.length) : path);
  const text = texts.get(name);
  if (text === undefined) {
    throw new EndstationError('DISPLAY_NOT_FOUND', `${name} was not chosen with the other files. Open them again and choose all that belong together.`);
  }
  return { path: prefix + name, text };
}

/** The file's name without folder and extension. */
export function shortName(path: string): string {
  return baseName(isUpload(path) ? path.slice(prefix.length) : path).replace(/\.(bob|opi)$/i, '');
}

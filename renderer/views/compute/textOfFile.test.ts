import { describe, expect, it } from 'vitest';
import { textOfFile } from './textOfFile';

const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const refused = (name: string, bytes: Uint8Array) => expect(textOfFile(name, new Blob([bytes as BlobPart]))).rejects
  .toThrow(`${name} is no text file of numbers. Use the command line, or File in the application's window, for .npy and .h5 files.`);

describe('textOfFile', () => {
  it('reads text, of whatever letters', async () => {
    for (const text of ['', '1 2\r\n3\t4\f\v5\n', '\uFEFF# Temperatur in °C\n1,2\n']) expect(await textOfFile('a.csv', new Blob([text]))).toBe(text.replace('\uFEFF', ''));
    // A degree sign that an older program wrote, and the end of a file of DOS.
    expect(await textOfFile('old.txt', new Blob([latin1('# \xb0C\n1 2\x1a') as BlobPart]))).toMatch(/^# .C\n1 2/);
  });

  it('refuses what is none, and says what to do', async () => {
    await refused('frames.npy', latin1('\x93NUMPY\x01\0v\0{\'descr\': \'<f8\', }'));
    await refused('bad.h5', latin1('\x89HDF\r\n\x1a\n\x02\x08\x08'));
    await refused('wide.txt', latin1('\xff\xfe1\0 \x002\0'));
    await refused('packed.gz', latin1('\x1f\x8b\x08'));
  });
});

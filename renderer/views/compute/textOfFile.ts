// The text of a file that was chosen for a field of numbers.

/** Bytes of text, of whatever encoding; NUL, which every file of binary numbers has, is not among them. */
const inText = (byte: number): boolean => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0x1a;

/** Throws with what to do where it is no text. */
export async function textOfFile(name: string, file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (!bytes.every(inText)) throw new Error(`${name} is no text file of numbers. Use the command line, or File in the application's window, for .npy and .h5 files.`);
  // What is no UTF-8 is most often a letter of a heading.
  return new TextDecoder().decode(bytes);
}

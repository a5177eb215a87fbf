// The text of a display file, in the encoding that it declares.

/** UTF-8 unless a byte order mark or the XML declaration says UTF-16 or ISO-8859-1. */
export function displayText(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le', 2);
  const declared = /^<\?xml[^>]*encoding=["']([\w.-]+)["']/.exec(bytes.toString('latin1', 0, 200))?.[1]?.toLowerCase();
  if (declared === 'iso-8859-1' || declared === 'latin1') return bytes.toString('latin1');
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

/** What the display calls itself: the first `<name>` of the file, which comes before its widgets; null where it has none. */
export function displayName(text: string): string | null {
  const head = text.slice(0, 4000).split('<widget', 1)[0] ?? '';
  const name = /<name>([^<$]{1,200})<\/name>/.exec(head)?.[1]?.trim();
  if (name === undefined || name === '') return null;
  return name.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&apos;', '\'').replaceAll('&amp;', '&');
}

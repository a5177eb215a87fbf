// Names on the wire: as many bytes as UTF-8 has, with and without characters beyond ASCII.
import { expect, it } from 'vitest';
import { ByteWriter } from './byteWriter';
import { decodeText, textLength } from './text';

it.each(['', 'IOC:M1.VAL', 'a name that is longer than the short ones are', 'Température', '温度', 'µ\u{1F52C}'])('writes "%s" as UTF-8', (text) => {
  const length = textLength(text);
  expect(length).toBe(Buffer.byteLength(text));
  const writer = new ByteWriter(8);
  writer.claim(2);
  writer.claim(text.length * 3);
  expect(writer.text(text, text.length * 3)).toBe(length);
  // What was claimed for it and not needed is zero again, and nobody's.
  writer.claim(2);
  const target = writer.take();
  expect(target.length).toBe(length + 4);
  expect(Buffer.from(target.subarray(2, 2 + length)).toString('utf8')).toBe(text);
  expect([target[0], target[1], target[length + 2], target[length + 3]]).toEqual([0, 0, 0, 0]);
  expect(decodeText(target, 2, 2 + length)).toBe(text);
});

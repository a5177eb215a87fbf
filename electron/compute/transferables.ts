// Which buffers of a message can be handed over instead of copied.

/**
 * The buffers of all typed arrays in a value (nested objects and arrays too), each once.
 * A view on a part of a buffer stays behind and is copied: its buffer belongs to others as well.
 */
export function transferables(value: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  const look = (part: unknown): void => {
    if (part === null || typeof part !== 'object') return;
    if (ArrayBuffer.isView(part)) {
      const { buffer } = part;
      if (buffer instanceof ArrayBuffer && part.byteOffset === 0 && part.byteLength === buffer.byteLength) found.add(buffer);
      return;
    }
    if (part instanceof ArrayBuffer) found.add(part);
    else for (const member of Object.values(part)) look(member);
  };
  look(value);
  return [...found];
}

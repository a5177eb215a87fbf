// Counts what is asked for in buffers and typed arrays, by number: what a lying length would make grow.

let largest = 0;
let total = 0;

function note(bytes: number): void {
  total += bytes;
  if (bytes > largest) largest = bytes;
}

/** From now on, in this thread. */
export function countAllocations(): void {
  for (const name of ['alloc', 'allocUnsafe', 'allocUnsafeSlow'] as const) {
    const original = Buffer[name].bind(Buffer) as (size: number, ...rest: unknown[]) => Buffer;
    Object.defineProperty(Buffer, name, { value: (size: number, ...rest: unknown[]) => { note(size); return original(size, ...rest); } });
  }
  const arrays = { Uint8Array, Uint8ClampedArray, Int8Array, Uint16Array, Int16Array, Uint32Array, Int32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array };
  for (const [name, type] of Object.entries(arrays)) {
    const counting = new Proxy(type, {
      construct(target, args: unknown[], newTarget): object {
        if (typeof args[0] === 'number') note(args[0] * type.BYTES_PER_ELEMENT);
        return Reflect.construct(target, args, newTarget) as object;
      },
    });
    Object.defineProperty(globalThis, name, { value: counting, configurable: true, writable: true });
  }
}

/** Since the last call: the largest piece and all of them, bytes. */
export function takeAllocations(): { readonly largest: number; readonly total: number } {
  const counted = { largest, total };
  largest = 0;
  total = 0;
  return counted;
}

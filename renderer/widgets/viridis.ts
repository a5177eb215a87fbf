// The colours of images. Viridis: perceived brightness grows evenly, also for colour-blind eyes (van der Walt and Smith, 2015).

/** Every 16th colour of viridis's 256; what lies between is interpolated. */
const stops = [
  '440154', '481a6c', '472f7d', '414487', '39568c', '31688e', '2a788e', '23888e', '1f988b', '22a884', '35b779', '54c568', '7ad151', 'a5db36', 'd2e21b', 'fde725',
].map((hex) => [1, 2, 3].map((part) => parseInt(hex.slice(part * 2 - 2, part * 2), 16)));

/** 256 colours as RGBA words in the order of this machine's memory, to fill a canvas with. */
export function viridisTable(): Uint32Array {
  const bytes = new Uint8ClampedArray(256 * 4);
  for (let index = 0; index < 256; index += 1) {
    const at = index / 255 * (stops.length - 1);
    const [from = [], to = []] = [stops[Math.floor(at)], stops[Math.ceil(at)]];
    const part = at - Math.floor(at);
    for (let channel = 0; channel < 3; channel += 1) bytes[index * 4 + channel] = (from[channel] ?? 0) * (1 - part) + (to[channel] ?? 0) * part;
    bytes[index * 4 + 3] = 255;
  }
  return new Uint32Array(bytes.buffer);
}

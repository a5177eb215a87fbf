// viridis (Smith and van der Walt, CC0), from eleven of its colours, even between them.
const stops = ['440154', '482475', '414487', '355f8d', '2a788e', '21918c', '22a884', '44bf70', '7ad151', 'bddf26', 'fde725']
  .map((hex) => [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16)) as [number, number, number]);

/** Red, green, blue from 0 to 255 for a part from 0 to 1; beyond, the end's. */
export function viridis(part: number): [number, number, number] {
  const at = Math.min(Math.max(part, 0), 1) * (stops.length - 1);
  const from = stops[Math.floor(at)] ?? [0, 0, 0];
  const to = stops[Math.ceil(at)] ?? from;
  const rest = at - Math.floor(at);
  return [0, 1, 2].map((channel) => Math.round((from[channel] ?? 0) + ((to[channel] ?? 0) - (from[channel] ?? 0)) * rest)) as [number, number, number];
}

// A marker for each series, so that they are told apart without colour.

export const markerNames = ['circle', 'square', 'triangle', 'diamond', 'cross', 'plus', 'triangle down', 'star'] as const;

/** The series' marker around a point as an SVG path, `size` from centre to edge. */
export function markerPath(series: number, x: number, y: number, size: number): string {
  const s = size;
  switch (markerNames[series % markerNames.length]) {
    case 'square': return `M${x - s} ${y - s}h${2 * s}v${2 * s}h${-2 * s}z`;
    case 'triangle': return `M${x} ${y - s * 1.2}L${x + s * 1.15} ${y + s}H${x - s * 1.15}z`;
    case 'diamond': return `M${x} ${y - s * 1.35}L${x + s * 1.2} ${y}L${x} ${y + s * 1.35}L${x - s * 1.2} ${y}z`;
    case 'cross': return `M${x - s} ${y - s}L${x + s} ${y + s}M${x + s} ${y - s}L${x - s} ${y + s}`;
    case 'plus': return `M${x - s * 1.2} ${y}h${s * 2.4}M${x} ${y - s * 1.2}v${s * 2.4}`;
    case 'triangle down': return `M${x} ${y + s * 1.2}L${x + s * 1.15} ${y - s}H${x - s * 1.15}z`;
    case 'star': return `M${x - s} ${y - s}L${x + s} ${y + s}M${x + s} ${y - s}L${x - s} ${y + s}M${x} ${y - s * 1.3}v${s * 2.6}`;
    default: return `M${x - s} ${y}a${s} ${s} 0 1 0 ${2 * s} 0a${s} ${s} 0 1 0 ${-2 * s} 0z`;
  }
}

/** Drawn as lines only. */
export function isOpenMarker(series: number): boolean { return ['cross', 'plus', 'star'].includes(markerNames[series % markerNames.length] ?? ''); }

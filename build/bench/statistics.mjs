// Figures of repeats, and how a benchmark's row is printed: as JSON, or a line with the ratio.

export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)], min: sorted[0], max: sorted.at(-1), n: sorted.length };
}

/**
 * `peers`: name -> spread with `version`. `better`: which way ours / peer is good.
 * `wanted`: name -> the ratio to reach, where there is one.
 */
export function printRow({ bench, metric, unit, better, ours, peers, wanted = {} }, json) {
  const ratio = Object.fromEntries(Object.entries(peers).map(([name, peer]) => [name, ours.median / peer.median]));
  if (json) {
    console.log(JSON.stringify({ bench, metric, unit, better, ours, peers, ratio, wanted }));
    return;
  }
  const sides = [['ours', ours], ...Object.entries(peers)].map(([name, s]) => `${name} ${s.median.toPrecision(3)} ${unit} (${s.min.toPrecision(3)}..${s.max.toPrecision(3)}, n=${s.n})`);
  const ratios = Object.entries(ratio).map(([name, r]) => `ours/${name} ${r.toPrecision(3)}${name in wanted ? ` (wanted ${wanted[name].toPrecision(2)})` : ''}`);
  console.log([metric.padEnd(46), ...sides, `${ratios.join(', ')} (${better} is better)`].join('  '));
}

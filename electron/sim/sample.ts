// The sample: an iron spot with a Gaussian profile in M1 and M2, and iron's K absorption edge. PURE.

/** mm, and the width at half height. */
export const spot = { m1: 1.234, m2: -0.567, width: 0.42 } as const;
/** eV. */
export const ironEdge = 7112;

/** Absorption of the spot's middle, in units of ln(I0/I): what absorbs anyway, and the step at the edge. */
const baseAbsorption = 0.25;
const edgeStep = 0.9;

function gaussian(x: number, centre: number, width: number): number {
  return Math.exp(-4 * Math.LN2 * ((x - centre) / width) ** 2);
}

/** 0...1: how much of the spot's full thickness the beam meets at M1, M2 (mm). */
export function profile(m1: number, m2: number): number {
  return gaussian(m1, spot.m1, spot.width) * gaussian(m2, spot.m2, spot.width);
}

/**
 * Absorption of iron's K shell, 0 well below the edge and about 1 well above it, for an energy in eV: an arctangent step at
 * 7112 eV (core-hole width 1.25 eV), a small pre-edge peak, the white line at 7130 eV, and fine structure that dies out.
 */
export function kShellAbsorption(energy: number): number {
  const offset = energy - ironEdge;
  const step = 0.5 + Math.atan(offset / 1.25) / Math.PI;
  const preEdge = 0.04 * gaussian(energy, ironEdge + 1.5, 2.5);
  const whiteLine = 0.45 * gaussian(energy, ironEdge + 18, 14);
  const rise = 0.5 + Math.atan((offset - 10) / 4) / Math.PI;
  return 0.8 * step + 0.2 * rise + preEdge + whiteLine + fineStructure(offset) * rise;
}

/** EXAFS of one shell of neighbours at 2.5 Å with disorder; k in 1/Å = sqrt(0.2625 eV⁻¹ Å⁻² ⋅ offset). */
function fineStructure(offset: number): number {
  if (offset <= 20) return 0;
  const k = Math.sqrt(0.2625 * offset);
  return 0.12 * Math.sin(2 * 2.5 * k) * Math.exp(-0.012 * k * k) * (1 - Math.exp(-(offset - 20) / 15));
}

/** 0...1: what passes through the sample. */
export function transmission(energy: number, thickness: number): number {
  return Math.exp(-thickness * (baseAbsorption + edgeStep * kShellAbsorption(energy)));
}

/** Fluorescence and scatter into the side detector, as a share of full fluorescence: mostly iron's above the edge, 3 % scatter. */
export function fluorescence(energy: number, thickness: number): number {
  return thickness * (0.03 + 0.97 * kShellAbsorption(energy));
}

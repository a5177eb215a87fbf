import type { PeakShape } from '@shared/computeSignals';
import { describe, expect, it } from 'vitest';
import { erf } from './erf';
import { peakFit, peakFits } from './peakFit';

const x = Float64Array.from({ length: 51 }, (_, i) => i * 0.05);
const gauss = (at: number) => Math.exp(-4 * Math.LN2 * ((at - 1.234) / 0.42) ** 2);
const lorentz = (at: number) => 0.42 ** 2 / (0.42 ** 2 + 4 * (at - 1.234) ** 2);
const background = (at: number) => 0.3 + 0.1 * (at - 1.234);
/** A disturbance that is the same everywhere, so that the fit has residuals and errors. */
const ripple = (at: number) => 0.05 * Math.sin(37 * at);

/**
 * Parameters and standard deviations: height, centre, fwhm, offset, slope(, eta). Made with SciPy 1.17.1 on the same points:
 * `p, c = curve_fit(f, x, y, p0=[5, 1.234, .42, .3, .1]); numpy.sqrt(numpy.diag(c))`, f written with numpy.exp and scipy.special.erf;
 * its derivatives by forward differences leave the last digits open.
 */
const scipy: Readonly<Record<PeakShape, { f: (at: number) => number; p: readonly number[]; e: readonly number[] }>> = {
  gauss: {
    f: (at) => 5 * gauss(at),
    p: [5.000019791611558, 1.2340343005100498, 0.4200033479666209, 0.299975311217577, 0.09809393698884153],
    e: [0.018709020159394397, 0.0007575588251533788, 0.0019235295740509055, 0.006577101980905351, 0.007185176073337147],
  },
  lorentz: {
    f: (at) => 5 * lorentz(at),
    p: [5.000554535816772, 1.2340472175265877, 0.4198399565000044, 0.3002504340189679, 0.09805431924482189],
    e: [0.02082392479899216, 0.0008839729773613888, 0.003268982201238421, 0.009093090613742945, 0.007276355013547525],
  },
  step: {
    f: (at) => 2.5 * (1 + erf((2 * Math.sqrt(Math.LN2) * (at - 1.234)) / 0.42)),
    p: [5.011173136168715, 1.2340016851816693, 0.42102572228989416, 0.29442691081958244, 0.09198682648870427],
    e: [0.04426619668402042, 0.0015238707461138754, 0.006600723232342408, 0.02281085603533155, 0.02523429742533594],
  },
  pseudoVoigt: {
    f: (at) => 2 * lorentz(at) + 3 * gauss(at),
    p: [5.001034465388108, 1.234039121536328, 0.4199268851719852, 0.29957203600498916, 0.09808876155126292, 0.4013186653678562],
    e: [0.027306950294650766, 0.000818222341763682, 0.002538522327685287, 0.012214276097325406, 0.0072990641584883085, 0.02882354664573152],
  },
};

describe('peakFit', () => {
  it.each(Object.entries(scipy))('finds what SciPy finds: %s', (shape, { f, p, e }) => {
    const fit = peakFit({ x, y: x.map((at) => f(at) + background(at) + ripple(at)), shape: shape as PeakShape });
    expect(fit.converged).toBe(true);
    const found = Object.values(fit.parameters);
    p.forEach((value, i) => expect(Math.abs((found[i]?.value ?? NaN) - value)).toBeLessThan(1e-4 * (e[i] ?? NaN)));
    e.forEach((error, i) => expect((found[i]?.error ?? NaN) / error).toBeCloseTo(1, 4));
  });

  it('finds the middle and width of a falling step', () => {
    // A step is the integral of a Gauss: summed up finely, then sampled.
    let sum = 0;
    const fine = Array.from({ length: 2501 }, (_, i) => (sum += gauss(i / 1000) / 1000));
    const fit = peakFit({ x, y: x.map((at) => 4 - 3 * (fine[Math.round(at * 1000)] ?? NaN)), shape: 'step' });
    expect(fit.parameters['centre']?.value).toBeCloseTo(1.2335, 3);
    expect(fit.parameters['fwhm']?.value).toBeCloseTo(0.42, 3);
    expect(fit.parameters['height']?.value).toBeLessThan(0);
  });

  it('fits a dip, leaves out what is not finite, and takes points in any order', () => {
    const y = x.map((at) => 3 - 2 * gauss(at));
    y[7] = NaN;
    const fit = peakFit({ x: x.slice().reverse(), y: y.slice().reverse(), shape: 'gauss' });
    expect(fit.parameters['height']?.value).toBeCloseTo(-2, 8);
    expect(fit.parameters['centre']?.value).toBeCloseTo(1.234, 8);
  });

  it('says how many points it needs', () => {
    expect(() => peakFit({ x: x.slice(0, 4), y: x.slice(0, 4), shape: 'gauss' })).toThrow(/5 parameters .* there are 4/);
  });
});

describe('peakFits', () => {
  const curves = Object.values(scipy).map(({ f }) => x.map((at) => f(at) + background(at) + ripple(at)));
  const y = Float64Array.from(curves.flatMap((curve) => [...curve]));

  it('finds for each curve what peakFit finds for it alone', () => {
    const fits = peakFits({ x, y, shape: 'gauss' });
    curves.forEach((curve, i) => {
      const alone = peakFit({ x, y: curve, shape: 'gauss' });
      for (const [name, { value, error }] of Object.entries(alone.parameters)) expect([fits.values[name]?.[i], fits.errors[name]?.[i]], name).toEqual([value, error]);
      expect(fits.residual[i]).toBe(alone.residual);
    });
    expect([...fits.converged]).toEqual([1, 1, 1, 1]);
  });

  it('fits the others where one curve is broken', () => {
    const broken = y.slice();
    broken.fill(NaN, x.length, 2 * x.length - 3);
    const { values, converged } = peakFits({ x, y: broken, shape: 'lorentz' });
    expect([converged[0], converged[1], converged[3]]).toEqual([1, 0, 1]);
    expect(values['centre']?.[1]).toBeNaN();
    expect(values['centre']?.[3]).toBeCloseTo(1.234, 2);
    expect(() => peakFits({ x, y: y.slice(1), shape: 'gauss' })).toThrow(/not whole curves of 51 points/);
  });
});

describe('erf', () => {
  it("is Python's math.erf in all of its parts", () => {
    const python = { 0: 0, 0.1: 0.1124629160182849, 0.46875: 0.49261347321793797, 0.9: 0.7969082124228322, 2.5: 0.999593047982555, 4.5: 0.9999999998033839, 5.9: 0.9999999999999999, 7: 1 };
    for (const [at, value] of Object.entries(python)) {
      expect(erf(Number(at))).toBeCloseTo(value, 15);
      expect(erf(-Number(at))).toBeCloseTo(-value, 15);
    }
  });
});

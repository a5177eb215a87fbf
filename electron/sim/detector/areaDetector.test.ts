import { describe, expect, it } from 'vitest';
import { testBeamline } from '../beamline.testing';
import { createRandom } from '../random';
import { PowderImage, radialProfile } from './powderImage';

describe('the area detector', () => {
  it('takes NumImages pictures and completes the put with the last', async () => {
    const line = testBeamline();
    await line.pass(0.1);
    const before = line.number('SIM:DET1:cam1:ArrayCounter_RBV');
    line.write('SIM:DET1:cam1:NumImages', 3);
    line.write('SIM:DET1:cam1:AcquireTime', 0.2);
    line.write('SIM:DET1:cam1:AcquirePeriod', 0.5);
    const put = line.write('SIM:DET1:cam1:Acquire', 1);
    await line.pass(1.1);
    expect(put.done).toBe(false);
    expect(line.number('SIM:DET1:cam1:Acquire_RBV')).toBe(1);
    expect(line.number('SIM:DET1:cam1:NumImagesCounter_RBV')).toBe(2);
    await line.pass(0.2);
    expect(put.done).toBe(true);
    expect(line.number('SIM:DET1:cam1:Acquire')).toBe(0);
    expect(line.number('SIM:DET1:cam1:DetectorState_RBV')).toBe(0);
    expect(line.number('SIM:DET1:cam1:ArrayCounter_RBV')).toBe(before + 3);
    expect(line.number('SIM:DET1:image1:UniqueId_RBV')).toBe(before + 3);
    expect(line.get('SIM:DET1:image1:ArrayData')).toHaveLength(1024 * 1024);
  });

  it('goes on in Continuous mode until stopped', async () => {
    const line = testBeamline();
    line.write('SIM:DET1:cam1:SizeX', 16);
    line.write('SIM:DET1:cam1:SizeY', 8);
    line.write('SIM:DET1:cam1:ImageMode', 2);
    const put = line.write('SIM:DET1:cam1:Acquire', 1);
    await line.pass(2);
    expect(line.number('SIM:DET1:cam1:NumImagesCounter_RBV')).toBeGreaterThan(10);
    line.write('SIM:DET1:cam1:Acquire', 0);
    await line.pass(0.01);
    expect(put.done).toBe(true);
    expect(line.get('SIM:DET1:image1:ArrayData')).toHaveLength(128);
    expect(line.number('SIM:DET1:image1:ArraySize0_RBV')).toBe(16);
    expect(line.number('SIM:DET1:cam1:ArraySizeY_RBV')).toBe(8);
  });

  it('sees more when the sample is in the beam, and nothing behind a closed shutter', async () => {
    const line = testBeamline();
    const total = async (): Promise<number> => {
      line.write('SIM:DET1:cam1:Acquire', 1);
      await line.pass(0.3);
      return line.number('SIM:DET1:stats1:Total_RBV');
    };
    const off = await total();
    line.write('SIM:M1', 1.234);
    await line.pass(1);
    expect(await total()).toBeGreaterThan(5 * off);
    line.write('SIM:FE:SHUTTER', 0);
    await line.pass(1);
    expect(await total()).toBe(0);
  });
});

describe('PowderImage', () => {
  const exposure = { brightness: 800, energy: 7200, distance: 80 };

  it('has its rings where Bragg puts them', () => {
    const profile = radialProfile(exposure, 2900);
    const wavelength = 12398.4198 / 7200;
    // The (110) ring of LaB6, the strongest: 0.2 mm pixels, four radial steps each.
    const radius = (80 * Math.tan(2 * Math.asin(wavelength / (2 * 2.9394)))) / 0.2;
    let strongest = 400;
    for (let index = 400; index < profile.length; index++) if (profile[index]! > profile[strongest]!) strongest = index;
    expect(Math.abs(strongest / 4 - radius)).toBeLessThan(0.5);
  });

  it('has the mean of the profile and the variance of Poisson', () => {
    const image = new PowderImage(createRandom(3));
    const sums = new Float64Array(64);
    const squares = new Float64Array(64);
    const frames = 400;
    for (let frame = 0; frame < frames; frame++) {
      const { pixels } = image.expose(exposure, 64, 1);
      for (let x = 0; x < 64; x++) {
        sums[x]! += pixels[x]!;
        squares[x]! += pixels[x]! ** 2;
      }
    }
    const profile = radialProfile(exposure, 2900);
    let ratios = 0;
    for (let x = 0; x < 64; x++) {
      const mean = sums[x]! / frames;
      const expected = profile[Math.round(4 * Math.hypot(x - 511.5, 511.5))]!;
      expect(Math.abs(mean - expected)).toBeLessThan(5 * Math.sqrt(expected / frames));
      ratios += (squares[x]! / frames - mean ** 2) / mean / 64;
    }
    expect(Math.abs(ratios - 1)).toBeLessThan(0.08);
  });
});

// Scripts to begin with; each runs as it is on the simulated beamline.
import type { ScriptFile } from '@shared/scripts';

export const scriptTemplates: readonly ScriptFile[] = [
  {
    name: 'points.ts', title: 'Points of your own',
    source: `// Visits positions that you choose, and takes a point at each.
const detectors = ['SIM:I1'];
const motor = 'SIM:M1';

export default function* plan() {
  const positions = linspace(1, 1.5, 6);
  yield* run({ name: 'points', detectors, motors: [motor], points: positions.length }, function* () {
    for (const position of positions) {
      yield* checkpoint();
      yield* move(motor, position);
      const taken = yield* triggerAndRead(detectors, [motor]);
      print(\`\${position} mm: \${taken['SIM:I1']}\`);
    }
  });
}
`,
  },
  {
    name: 'threshold.ts', title: 'Stop at a threshold',
    source: `// Steps a motor until the signal rises above a limit, and stays there.
const signal = 'SIM:I1';
const motor = 'SIM:M1';
const limit = 20_000;

export default function* plan() {
  yield* run({ name: 'threshold', detectors: [signal], motors: [motor] }, function* () {
    for (let position = 0.6; position <= 1.4; position += 0.1) {
      yield* checkpoint();
      yield* move(motor, position);
      const taken: Record<string, number> = yield* triggerAndRead(signal, motor);
      if ((taken[signal] ?? 0) > limit) {
        print('Reached at', position);
        return;
      }
    }
  });
}
`,
  },
  {
    name: 'tuneAndScan.ts', title: 'Tune, then scan',
    source: `// Uses built-in plans: finds the peak, then scans around it.
const detectors = ['SIM:I1'];

export default function* plan() {
  yield* plans.tune_centroid({ detectors, axes: [{ motor: 'SIM:M1', start: 0, stop: 2.5 }], min_step: 0.01, num: 8 });
  const peak = yield* read('SIM:M1');
  print('The peak is at', peak.toFixed(3));
  yield* plans.rel_scan({ detectors, axes: [{ motor: 'SIM:M1', start: -0.2, stop: 0.2 }], num: 5 });
}
`,
  },
];

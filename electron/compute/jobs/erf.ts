// The error function to double precision, by rational approximations (W. J. Cody, Math. Comp. 23, 1969).

const small = [3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694, 0.18577770618460315] as const;
const smallBelow = [23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171] as const;
const middle = [0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001, 881.952221241769, 1712.0476126340707, 2051.0783778260716, 1230.3393547979972, 2.1531153547440383e-8] as const;
const middleBelow = [15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597, 4362.619090143247, 3439.3676741437216, 1230.3393548037495] as const;
const large = [0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275, 0.0006587491615298378, 0.016315387137302097] as const;
const largeBelow = [2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918] as const;
const rootPi = 0.5641895835477563;

/** erf(x), given also exp(-x^2), which who needs the derivative has anyway. */
export function erf(x: number, gauss = Math.exp(-x * x)): number {
  const z = Math.abs(x);
  if (z <= 0.46875) {
    const s = x * x;
    let above = small[4] * s, below = s;
    for (let i = 0; i < 3; i += 1) {
      above = (above + small[i]!) * s;
      below = (below + smallBelow[i]!) * s;
    }
    return (x * (above + small[3])) / (below + smallBelow[3]);
  }
  let rest: number;
  if (z <= 4) {
    let above = middle[8] * z, below = z;
    for (let i = 0; i < 7; i += 1) {
      above = (above + middle[i]!) * z;
      below = (below + middleBelow[i]!) * z;
    }
    rest = (gauss * (above + middle[7])) / (below + middleBelow[7]);
  } else if (z < 6) {
    const s = 1 / (z * z);
    let above = large[5] * s, below = s;
    for (let i = 0; i < 4; i += 1) {
      above = (above + large[i]!) * s;
      below = (below + largeBelow[i]!) * s;
    }
    rest = (gauss * (rootPi - (s * (above + large[4])) / (below + largeBelow[4]))) / z;
  } else {
    rest = 0;
  }
  return x > 0 ? 1 - rest : rest - 1;
}

// Levenberg-Marquardt least squares for a handful of parameters (Marquardt 1963; damping after Nielsen 1999).

/** Writes the model at x[i] for all i, and its derivatives: row i, column parameter. */
export type Model = (parameters: Float64Array, values: Float64Array, jacobian: Float64Array) => void;

export interface FitResult {
  readonly parameters: Float64Array;
  /** One standard deviation each, from the covariance scaled by the residuals; Infinity where the data can't say. */
  readonly errors: Float64Array;
  /** Sum of squared residuals. */
  readonly residual: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/** Solves a x = b for a symmetric positive matrix by Cholesky; false where it is singular. `a` is overwritten with its factor. */
function choleskySolve(a: Float64Array, b: Float64Array, n: number): boolean {
  for (let j = 0; j < n; j += 1) {
    let diagonal = a[j * n + j]!;
    for (let k = 0; k < j; k += 1) diagonal -= a[j * n + k]! ** 2;
    if (!(diagonal > 0)) return false;
    const root = Math.sqrt(diagonal);
    a[j * n + j] = root;
    for (let i = j + 1; i < n; i += 1) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k += 1) sum -= a[i * n + k]! * a[j * n + k]!;
      a[i * n + j] = sum / root;
    }
  }
  for (let i = 0; i < n; i += 1) {
    let sum = b[i]!;
    for (let k = 0; k < i; k += 1) sum -= a[i * n + k]! * b[k]!;
    b[i] = sum / a[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i -= 1) {
    let sum = b[i]!;
    for (let k = i + 1; k < n; k += 1) sum -= a[k * n + i]! * b[k]!;
    b[i] = sum / a[i * n + i]!;
  }
  return true;
}

/** J^T J and J^T r of the present parameters; returns the sum of squares. */
function normalEquations(y: Float64Array, values: Float64Array, jacobian: Float64Array, n: number, jtj: Float64Array, jtr: Float64Array): number {
  jtj.fill(0);
  jtr.fill(0);
  let squares = 0;
  for (let i = 0; i < y.length; i += 1) {
    const r = y[i]! - values[i]!;
    squares += r * r;
    const row = i * n;
    for (let a = 0; a < n; a += 1) {
      const ja = jacobian[row + a]!;
      jtr[a] = jtr[a]! + ja * r;
      for (let b = 0; b <= a; b += 1) jtj[a * n + b] = jtj[a * n + b]! + ja * jacobian[row + b]!;
    }
  }
  for (let a = 0; a < n; a += 1) for (let b = 0; b < a; b += 1) jtj[b * n + a] = jtj[a * n + b]!;
  return squares;
}

function standardErrors(jtj: Float64Array, n: number, points: number, residual: number): Float64Array {
  const errors = new Float64Array(n).fill(Infinity);
  if (points <= n) return errors;
  for (let a = 0; a < n; a += 1) {
    const unit = new Float64Array(n);
    unit[a] = 1;
    if (!choleskySolve(jtj.slice(), unit, n)) return errors;
    errors[a] = Math.sqrt((unit[a]! * residual) / (points - n));
  }
  return errors;
}

/** Fits `model` to `y`, from the parameters `start`. Never throws; what did not converge says so. */
export function leastSquares(y: Float64Array, start: Float64Array, model: Model, maxIterations = 200): FitResult {
  const n = start.length;
  let parameters = start.slice();
  const values = new Float64Array(y.length);
  const jacobian = new Float64Array(y.length * n);
  const jtj = new Float64Array(n * n);
  const jtr = new Float64Array(n);
  model(parameters, values, jacobian);
  let residual = normalEquations(y, values, jacobian, n, jtj, jtr);
  let damping = 1e-3;
  let growth = 2;
  let iterations = 0;
  let converged = false;
  while (iterations < maxIterations && !converged) {
    iterations += 1;
    const matrix = jtj.slice();
    const step = jtr.slice();
    for (let a = 0; a < n; a += 1) matrix[a * n + a] = jtj[a * n + a]! * (1 + damping) + 1e-300;
    let accepted = false;
    if (choleskySolve(matrix, step, n)) {
      const tried = parameters.map((p, a) => p + step[a]!);
      model(tried, values, jacobian);
      let squares = 0;
      for (let i = 0; i < y.length; i += 1) squares += (y[i]! - values[i]!) ** 2;
      if (squares <= residual) {
        accepted = true;
        converged = residual - squares <= 1e-13 * residual || step.every((s, a) => Math.abs(s) <= 1e-12 * (Math.abs(tried[a]!) + 1e-12));
        parameters = tried;
        residual = normalEquations(y, values, jacobian, n, jtj, jtr);
        damping = Math.max(damping / 10, 1e-15);
        growth = 2;
      }
    }
    if (!accepted) {
      damping *= growth;
      growth *= 2;
      // No step makes it better any more: this is the minimum, to the last digit.
      if (damping > 1e16) converged = true;
    }
  }
  model(parameters, values, jacobian);
  residual = normalEquations(y, values, jacobian, n, jtj, jtr);
  return { parameters, errors: standardErrors(jtj, n, y.length, residual), residual, iterations, converged };
}

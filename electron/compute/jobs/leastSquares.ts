// Levenberg-Marquardt least squares for a handful of parameters (Marquardt 1963; damping after Nielsen 1999).
// All arrays are made once and used for every fit of the same size: thousands of fits leave nothing for the garbage collector.

/** Writes the model at the first `points` of x, and its derivatives: for each parameter `points` values, one parameter after the other. */
export type Model = (parameters: Float64Array, x: Float64Array, points: number, values: Float64Array, jacobian: Float64Array) => void;

/** Relative change of the sum of squares, and of each parameter, below which a fit has converged. */
const flat = 1e-13;
const still = 1e-12;

/** Solves a x = b for a symmetric positive matrix by Cholesky; false where it is singular. `a` is overwritten with its factor. */
function choleskySolve(a: Float64Array, b: Float64Array, n: number): boolean {
  for (let j = 0; j < n; j += 1) {
    let diagonal = a[j * n + j]!;
    for (let k = 0; k < j; k += 1) diagonal -= a[j * n + k]! * a[j * n + k]!;
    if (!(diagonal > 0)) return false;
    const root = Math.sqrt(diagonal);
    a[j * n + j] = root;
    for (let i = j + 1; i < n; i += 1) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k += 1) sum -= a[i * n + k]! * a[j * n + k]!;
      a[i * n + j] = sum / root;
    }
  }
  substitute(a, b, n);
  return true;
}

function substitute(a: Float64Array, b: Float64Array, n: number): void {
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
}

export class LeastSquares {
  /** Where a fit starts, and after it what was found. */
  parameters: Float64Array;
  /** One standard deviation each, from the covariance scaled by the residuals, as SciPy's curve_fit; Infinity where the data can't say. */
  readonly errors: Float64Array;
  /** Sum of squared residuals. */
  residual = 0;
  iterations = 0;
  converged = false;
  readonly #n: number;
  readonly #model: Model;
  #tried: Float64Array;
  readonly #values: Float64Array;
  readonly #rest: Float64Array;
  readonly #jacobian: Float64Array;
  readonly #jtj: Float64Array;
  readonly #jtr: Float64Array;
  readonly #matrix: Float64Array;
  readonly #step: Float64Array;

  /** @param n parameters. @param points of the longest curve. */
  constructor(model: Model, n: number, points: number) {
    this.#model = model;
    this.#n = n;
    const make = (length: number) => new Float64Array(length);
    [this.parameters, this.#tried, this.errors, this.#jtr, this.#step] = [make(n), make(n), make(n), make(n), make(n)];
    [this.#values, this.#rest, this.#jacobian, this.#jtj, this.#matrix] = [make(points), make(points), make(points * n), make(n * n), make(n * n)];
  }

  /** Fits to the first `points` of x and y. Never throws; what did not converge says so. */
  fit(x: Float64Array, y: Float64Array, points: number, maxIterations = 200): void {
    const n = this.#n;
    this.#model(this.parameters, x, points, this.#values, this.#jacobian);
    this.residual = this.#normalEquations(y, points);
    let damping = 1e-3, growth = 2;
    this.iterations = 0;
    this.converged = this.residual === 0;
    while (this.iterations < maxIterations && !this.converged) {
      this.iterations += 1;
      this.#matrix.set(this.#jtj);
      this.#step.set(this.#jtr);
      for (let a = 0; a < n; a += 1) this.#matrix[a * n + a] = this.#jtj[a * n + a]! * (1 + damping) + 1e-300;
      const solved = choleskySolve(this.#matrix, this.#step, n);
      // What the full step would still gain is nothing: no need to look.
      if (solved && damping <= 1e-2 && this.#gain() <= flat * this.residual) this.converged = true;
      else if (solved && this.#accept(x, y, points)) {
        damping = Math.max(damping / 10, 1e-15);
        growth = 2;
      } else {
        damping *= growth;
        growth *= 2;
        // No step makes it better any more: this is the minimum, to the last digit.
        if (damping > 1e16) this.converged = true;
      }
    }
    this.#estimateErrors(points);
  }

  /** By how much the linear model says that the step lowers the sum of squares, at least. */
  #gain(): number {
    let gain = 0;
    for (let a = 0; a < this.#n; a += 1) gain += this.#step[a]! * this.#jtr[a]!;
    return gain;
  }

  /** Takes the step where it makes the sum of squares no larger. */
  #accept(x: Float64Array, y: Float64Array, points: number): boolean {
    const tried = this.#tried;
    let resting = true;
    for (let a = 0; a < this.#n; a += 1) {
      const step = this.#step[a]!;
      const next = this.parameters[a]! + step;
      tried[a] = next;
      if (Math.abs(step) > still * (Math.abs(next) + still)) resting = false;
    }
    this.#model(tried, x, points, this.#values, this.#jacobian);
    let squares = 0;
    for (let i = 0; i < points; i += 1) {
      const r = y[i]! - this.#values[i]!;
      squares += r * r;
    }
    if (!(squares <= this.residual)) return false;
    this.converged = resting || this.residual - squares <= flat * this.residual;
    this.#tried = this.parameters;
    this.parameters = tried;
    this.residual = this.#normalEquations(y, points);
    return true;
  }

  /** J^T J and J^T r of the present values; returns the sum of squares. Sums stay in registers: this is where a fit spends its time. */
  #normalEquations(y: Float64Array, points: number): number {
    const n = this.#n;
    const [jtj, jtr, jacobian, rest] = [this.#jtj, this.#jtr, this.#jacobian, this.#rest];
    let squares = 0;
    for (let i = 0; i < points; i += 1) {
      const r = y[i]! - this.#values[i]!;
      rest[i] = r;
      squares += r * r;
    }
    for (let a = 0; a < n; a += 1) {
      const column = a * points;
      let sum = 0;
      for (let i = 0; i < points; i += 1) sum += jacobian[column + i]! * rest[i]!;
      jtr[a] = sum;
      for (let b = 0; b <= a; b += 1) {
        const other = b * points;
        let product = 0;
        for (let i = 0; i < points; i += 1) product += jacobian[column + i]! * jacobian[other + i]!;
        jtj[a * n + b] = product;
        jtj[b * n + a] = product;
      }
    }
    return squares;
  }

  #estimateErrors(points: number): void {
    const n = this.#n;
    this.errors.fill(Infinity);
    if (points <= n) return;
    // A step that was not taken has left its own normal equations untouched: these are the ones of the parameters.
    this.#matrix.set(this.#jtj);
    for (let a = 0; a < n; a += 1) {
      const unit = this.#step.fill(0);
      unit[a] = 1;
      if (a > 0) substitute(this.#matrix, unit, n);
      else if (!choleskySolve(this.#matrix, unit, n)) return;
      this.errors[a] = Math.sqrt((unit[a]! * this.residual) / (points - n));
    }
  }
}

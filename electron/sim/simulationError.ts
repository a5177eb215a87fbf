// The one error class of the simulated beamline: a stable code and a text for the user.

export class SimulationError extends Error {
  override readonly name = 'SimulationError';
  constructor(readonly code: string, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

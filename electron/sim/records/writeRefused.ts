// A write that a simulated record does not accept; the client sees ECA_PUTFAIL.

export class WriteRefused extends Error {
  override readonly name = 'WriteRefused';
  readonly code = 'WRITE_REFUSED';
}

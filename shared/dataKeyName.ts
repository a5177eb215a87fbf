// Devices and PVs as documents name them.

/** event-model allows neither dots nor slashes in the keys of a document: `ca://SIM:M1.RBV` is `SIM:M1_RBV`. */
export function dataKeyName(name: string): string {
  return name.replace(/^(ca|pva):\/\//, '').replace(/[./]/g, '_');
}

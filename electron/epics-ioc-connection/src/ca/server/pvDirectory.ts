// A server's PVs by name, with aliases. PURE.
import { ValueError } from '../errors';
import { maxNameBytes } from '../protocol/commands';

export class PvDirectory<Pv extends { readonly name: string }> {
  private readonly pvs = new Map<string, Pv>();
  private readonly aliases = new Map<string, string>();

  /** `longestName`: bytes of a name that clients can ask for. */
  constructor(private readonly longestName = maxNameBytes - 1) {}

  get names(): string[] {
    return [...this.pvs.keys(), ...this.aliases.keys()];
  }

  find(name: string): Pv | undefined {
    const pv = this.pvs.get(name);
    if (pv) return pv;
    const aliased = this.aliases.get(name);
    return aliased === undefined ? undefined : this.pvs.get(aliased);
  }

  /** Errors: `ValueError` BAD_OPTION for a name that is taken or cannot be. */
  add(pv: Pv): void {
    this.checkName(pv.name);
    this.pvs.set(pv.name, pv);
  }

  /** Errors: `ValueError` BAD_OPTION for an alias that is taken or cannot be, and for a PV that is not there. */
  alias(alias: string, name: string): void {
    this.checkName(alias);
    if (!this.pvs.has(name)) throw new ValueError('BAD_OPTION', `The server has no PV ${name} that ${alias} could stand for.`, name);
    this.aliases.set(alias, name);
  }

  /** Another PV of its name, that came later, stays. */
  remove(pv: Pv): void {
    if (this.pvs.get(pv.name) !== pv) return;
    this.pvs.delete(pv.name);
    for (const [alias, name] of this.aliases) if (name === pv.name) this.aliases.delete(alias);
  }

  private checkName(name: string): void {
    const bytes = typeof name === 'string' ? Buffer.byteLength(name) : 0;
    if (bytes === 0 || bytes > this.longestName) {
      throw new ValueError('BAD_OPTION', `A PV name has 1 to ${this.longestName} bytes, and this one ${bytes === 0 ? 'is empty' : `has ${bytes}: "${name.slice(0, 40)}..."`}.`, name);
    }
    if (this.find(name)) throw new ValueError('BAD_OPTION', `The server has a PV ${name} already.`, name);
  }
}

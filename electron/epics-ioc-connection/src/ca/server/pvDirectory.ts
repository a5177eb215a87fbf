// A server's PVs by name, with aliases. PURE.

export class PvDirectory<Pv extends { readonly name: string }> {
  private readonly pvs = new Map<string, Pv>();
  private readonly aliases = new Map<string, string>();

  get names(): string[] {
    return [...this.pvs.keys(), ...this.aliases.keys()];
  }

  find(name: string): Pv | undefined {
    return this.pvs.get(name) ?? this.pvs.get(this.aliases.get(name) ?? '');
  }

  add(pv: Pv): void {
    this.checkFree(pv.name);
    this.pvs.set(pv.name, pv);
  }

  alias(alias: string, name: string): void {
    this.checkFree(alias);
    if (!this.pvs.has(name)) throw new Error(`The server has no PV ${name} that ${alias} could stand for.`);
    this.aliases.set(alias, name);
  }

  /** Another PV of its name, that came later, stays. */
  remove(pv: Pv): void {
    if (this.pvs.get(pv.name) !== pv) return;
    this.pvs.delete(pv.name);
    for (const [alias, name] of this.aliases) if (name === pv.name) this.aliases.delete(alias);
  }

  private checkFree(name: string): void {
    if (this.find(name)) throw new Error(`The server has a PV ${name} already.`);
  }
}

// The server's PVs by name, with aliases. PURE.
import type { CaServerPv } from './caServerPv';

export class PvDirectory {
  private readonly pvs = new Map<string, CaServerPv>();
  private readonly aliases = new Map<string, string>();

  get names(): string[] {
    return [...this.pvs.keys(), ...this.aliases.keys()];
  }

  find(name: string): CaServerPv | undefined {
    return this.pvs.get(name) ?? this.pvs.get(this.aliases.get(name) ?? '');
  }

  add(pv: CaServerPv): void {
    this.checkFree(pv.name);
    this.pvs.set(pv.name, pv);
  }

  alias(alias: string, name: string): void {
    this.checkFree(alias);
    if (!this.pvs.has(name)) throw new Error(`The server has no PV ${name} that ${alias} could stand for.`);
    this.aliases.set(alias, name);
  }

  remove(pv: CaServerPv): void {
    this.pvs.delete(pv.name);
    for (const [alias, name] of this.aliases) if (name === pv.name) this.aliases.delete(alias);
  }

  private checkFree(name: string): void {
    if (this.find(name)) throw new Error(`The server has a PV ${name} already.`);
  }
}

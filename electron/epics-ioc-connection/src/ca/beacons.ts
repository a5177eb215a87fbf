// Beacons tell that a server appeared or restarted, so that searching speeds up. Pure. They are no test of liveness.

/** A silence of more than this many usual periods, then a beacon: the server or the network was away. */
const lostPeriods = 3;

interface Heard { id: number; at: number; period: number }

export class BeaconWatch {
  private readonly servers = new Map<string, Heard>();

  /** At most this many servers are remembered: a hostile sender costs bounded memory. */
  constructor(private readonly capacity = 10_000) {}

  /** True: an anomaly. A server not heard before, one whose id began again, or one that was silent for long. */
  heard(server: string, id: number, now: number): boolean {
    const known = this.servers.get(server);
    if (!known) {
      if (this.servers.size >= this.capacity) this.servers.clear();
      this.servers.set(server, { id, at: now, period: 0 });
      return true;
    }
    const elapsed = now - known.at;
    const restarted = id < known.id && known.id - id < 0x80000000;
    const returned = known.period > 0 && elapsed > lostPeriods * known.period && elapsed > 1000;
    // Repeats of one beacon by several interfaces say nothing about the period.
    if (id !== known.id) {
      known.period = restarted || returned ? 0 : Math.max(known.period, elapsed);
      known.id = id;
      known.at = now;
    }
    return restarted || returned;
  }
}

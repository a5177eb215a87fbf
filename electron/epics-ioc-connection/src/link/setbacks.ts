// How soon a channel is searched for again that was found and then refused, or that never lasts. Pure.

/** The search starts again at this level (256 ms) after a refusal, later with each one. */
const refusedLevel = 4;
/** Milliseconds that a channel must last, so that its loss is no setback. */
const shortLife = 1000;
/** So often in a row a channel may be lost early and be searched for at once; then at this level (1,024 ms) at the latest. */
const freeTries = 3;
const flappingLevel = 6;

export class Setbacks {
  /** How often in a row a server that had answered then refused the channel. */
  refusals = 0;
  private shortLives = 0;
  private createdAt: number | null = null;

  refused(): void { this.refusals += 1; }

  /** The server has the channel. */
  created(now: number): void {
    this.refusals = 0;
    this.createdAt = now;
  }

  /** The channel is gone, or was not created on a connection that was there. */
  lost(now: number): void {
    const lasted = this.createdAt !== null && now - this.createdAt >= shortLife;
    this.shortLives = lasted ? 0 : this.shortLives + 1;
    this.createdAt = null;
  }

  /** Where the search starts: a server that breaks each connection at once is not connected to in a loop. */
  get level(): number {
    const refused = this.refusals === 0 ? 0 : refusedLevel + this.refusals - 1;
    const flapping = this.shortLives <= freeTries ? 0 : Math.min(refusedLevel + this.shortLives - freeTries - 1, flappingLevel);
    return Math.max(refused, flapping);
  }
}

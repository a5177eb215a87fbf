// What waits for an answer, by its id. Ids count up and are answered soon, mostly in their order: a ring of places finds them without a table's work.

const firstPlaces = 64;

export class RequestTable<Item extends object> {
  private ids = new Array<number>(firstPlaces).fill(0);
  private items = new Array<Item | null>(firstPlaces).fill(null);
  private held = 0;
  /** Those whose place in the ring was wanted again before they were answered. */
  private readonly late = new Map<number, Item>();

  get size(): number { return this.held + this.late.size; }

  /** `id`: 1 or more, not in use. */
  set(id: number, item: Item): void {
    if (this.held * 2 >= this.items.length) this.grow();
    const place = id & (this.items.length - 1);
    const other = this.items[place];
    if (other) this.late.set(this.ids[place] as number, other);
    else this.held += 1;
    this.ids[place] = id;
    this.items[place] = item;
  }

  has(id: number): boolean {
    const place = id & (this.items.length - 1);
    return (this.ids[place] === id && this.items[place] !== null) || this.late.has(id);
  }

  /** The item of that id, which is then free; undefined where there is none. */
  take(id: number): Item | undefined {
    const place = id & (this.items.length - 1);
    const item = this.items[place];
    if (item && this.ids[place] === id) {
      this.items[place] = null;
      this.held -= 1;
      return item;
    }
    if (this.late.size === 0) return undefined;
    const late = this.late.get(id);
    this.late.delete(id);
    return late;
  }

  /** All of them; none is held any more. */
  takeAll(): Item[] {
    const all = [...this.items.filter((item): item is Item => item !== null), ...this.late.values()];
    this.items.fill(null);
    this.held = 0;
    this.late.clear();
    return all;
  }

  private grow(): void {
    const { ids, items } = this;
    const places = items.length * 2;
    this.ids = new Array<number>(places).fill(0);
    this.items = new Array<Item | null>(places).fill(null);
    for (let i = 0; i < items.length; i += 1) {
      const item = items[i];
      if (!item) continue;
      const place = (ids[i] as number) & (places - 1);
      this.ids[place] = ids[i] as number;
      this.items[place] = item;
    }
  }
}

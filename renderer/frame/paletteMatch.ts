// Finds palette entries by what was typed: every word must be found, starts of words count more, short titles first.

export interface PaletteEntry {
  readonly id: string;
  /** What it is, as shown beside it: `View`, `Command`, `PV`, ... */
  readonly kind: string;
  readonly title: string;
  readonly detail?: string;
  readonly keys?: string;
  /** It is what was typed, and nothing says that there is such a thing: after what is known by that name. */
  readonly doubtful?: boolean;
  run(): void | Promise<void>;
}

/** How well one word fits a text: 0 not at all. An exact start of the text is best, then the start of a word, then anywhere, then its letters in order. */
export function wordScore(word: string, text: string): number {
  const at = text.indexOf(word);
  if (at === 0) return 100;
  if (at > 0) return /[\s:._/()-]/.test(text.charAt(at - 1)) ? 70 : 45;
  if (word.length < 3) return 0;
  let position = -1;
  let first = -1;
  for (const letter of word) {
    position = text.indexOf(letter, position + 1);
    if (position < 0) return 0;
    if (first < 0) first = position;
  }
  // Letters far apart are chance, not what was meant.
  return position - first < word.length * 3 ? 15 : 0;
}

export function entryScore(query: string, entry: Pick<PaletteEntry, 'title' | 'kind' | 'detail'>): number {
  const title = entry.title.toLowerCase();
  const rest = `${entry.kind} ${entry.detail ?? ''}`.toLowerCase();
  let total = 0;
  for (const word of query.toLowerCase().split(/\s+/).filter(Boolean)) {
    const score = Math.max(wordScore(word, title), wordScore(word, rest) * 0.4);
    if (score === 0) return 0;
    total += score;
  }
  return total - Math.min(title.length, 60) / 100;
}

/** Below a word found in a title, above chance. */
const doubt = 40;

/** The best `limit` entries, best first; all in their own order while nothing is typed. */
export function matchEntries<E extends Pick<PaletteEntry, 'title' | 'kind' | 'detail' | 'doubtful'>>(query: string, entries: readonly E[], limit: number): E[] {
  if (query.trim() === '') return entries.slice(0, limit);
  return entries
    .map((entry, index) => ({ entry, index, score: entry.doubtful ? doubt : entryScore(query, entry) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, limit)
    .map(({ entry }) => entry);
}

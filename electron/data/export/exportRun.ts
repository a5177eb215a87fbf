// A run in another form, line by line.
import type { RunDocument } from '@shared/documents';
import { ArraysReader } from '../arrays/arraysReader';
import { readJournal } from '../journal/reader';
import { documentText } from '../journal/record';
import { RunTable } from '../runTable';
import { csvLines } from './csv';
import { specLines } from './spec';

export const textFormats = ['csv', 'spec', 'jsonl'] as const;
export type TextFormat = (typeof textFormats)[number];

export async function* exportLines(journal: string, format: TextFormat): AsyncGenerator<string, void, undefined> {
  if (format === 'jsonl') {
    for await (const documents of readJournal(journal)) yield* documents.map((document: RunDocument) => documentText(document));
    return;
  }
  const table = new RunTable(format === 'spec' ? 'all' : 'primary');
  for await (const documents of readJournal(journal)) table.add(documents);
  const arrays = new ArraysReader(journal);
  try {
    yield* format === 'csv' ? csvLines(table, arrays) : specLines(table, arrays);
  } finally {
    await arrays.close();
  }
}

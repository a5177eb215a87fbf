// A run in another form, line by line.
import type { RunDocument } from '@shared/documents';
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
  const table = new RunTable();
  for await (const documents of readJournal(journal)) table.add(documents);
  yield* format === 'csv' ? csvLines(table) : specLines(table);
}

// Every rule of the two protocols that is known to break clients has a test that carries its number: 'CA 3: ...', 'PVA 7: ...'.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** How many rules there are: 26 of Channel Access, 15 of pvAccess. */
const rules = { CA: 26, PVA: 15 } as const;

/** Titles of tests in all test files of the package; numbers elsewhere don't count. */
function titles(): string[] {
  const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts'));
  return files.flatMap((file) => [...readFileSync(join(__dirname, file), 'utf8').matchAll(/\b(?:it|describe)(?:\.each\([^\n]*\))?\((['"`])((?:CA|PVA) \d.*?)\1,/g)].map((match) => match[2] as string));
}

it.each(Object.entries(rules))('%s 1 to %i have a test each, and there is no other number', (protocol, count) => {
  const found = new Set(titles().flatMap((title) => [...title.matchAll(new RegExp(`\\b${protocol} (\\d+)[,:]`, 'g'))].map((match) => Number(match[1]))));
  expect([...found].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i + 1));
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planArguments } from '../shared/plans';
import { planReference, withPlanTable } from './planDocs';

const docs = (name: string): string => readFileSync(join(__dirname, '../docs', name), 'utf8');

describe('the documentation of the plans', () => {
  it('is what their schemas say: else run `npm run docs`', () => {
    expect(docs('scanning.md')).toBe(withPlanTable(docs('scanning.md')));
    expect(docs('plans.md')).toBe(planReference());
  });
  it('has every plan, and every parameter with what stands where it is left out', () => {
    for (const [plan, schema] of Object.entries(planArguments)) {
      expect(docs('scanning.md')).toContain(`| \`${plan}\``);
      const [, section = ''] = docs('plans.md').split(`## ${plan}\n`);
      // What an included file held is no parameter.
      const names = Object.keys(schema.entries).filter((name) => plan !== 'include' || name === 'file');
      for (const name of names) expect([plan, section.split('\n## ')[0]]).toEqual([plan, expect.stringContaining(`| \`${name}\` |`) as string]);
    }
    expect(planReference()).toMatch(/\| `delay` \| number, s \| `0` \|/);
    expect(planReference()).toMatch(/\| `axes\[\]\.start` \| number, unit of the motor \| needed \|/);
  });
  it('needs its place in the page', () => {
    expect(() => withPlanTable('# Scanning')).toThrow(/no place for the plans/);
  });
});

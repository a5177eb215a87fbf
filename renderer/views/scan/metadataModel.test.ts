import { describe, expect, it } from 'vitest';
import { givenMetadata, keyProblem, metadataOf, noMetadata } from './metadataModel';

describe('metadata of the next runs', () => {
  it('leaves out what is empty, and takes numbers, true and false as such', () => {
    expect(metadataOf(noMetadata())).toEqual({});
    const free = [{ key: ' T ', value: '-3e2' }, { key: 'good', value: 'true' }, { key: 'note', value: 'a=b' }, { key: 'empty', value: ' ' }, { key: '', value: '' }];
    expect(metadataOf({ sample: ' iron foil ', proposal: '', free })).toEqual({ sample: 'iron foil', T: -300, good: true, note: 'a=b' });
  });

  it('refuses keys of the run itself, keys that are there twice, and values without a name', () => {
    const fields = { sample: 's', proposal: '', free: [{ key: 'uid', value: 'x' }, { key: 'a', value: '1' }, { key: 'a', value: '2' }, { key: '', value: '3' }, { key: 'sample', value: '4' }] };
    expect(fields.free.map((_, index) => keyProblem(fields, index))).toEqual(["uid is the run's own.", '', 'a is there already.', 'Name it.', "sample is the run's own."]);
    expect(metadataOf(fields)).toEqual({ sample: 's', a: 1 });
  });

  it('is found again in a start document', () => {
    const given = { sample: 'iron', proposal: '2026-17', T: 300, good: false };
    const start = { uid: 'u', time: 1, plan_name: 'scan', plan_args: {}, detectors: [], motors: [], user: 'me', profile: 'sim', hints: {}, odd: { nested: 1 }, ...given };
    expect(metadataOf(givenMetadata(start))).toEqual(given);
  });
});

import { describe, expect, it } from 'vitest';
import { pastedNumbers } from './pastedNumbers';

describe('pastedNumbers', () => {
  it('takes numbers however they are separated', () => {
    expect([...pastedNumbers('[1, 2.5; -3e2]\n\t4 NaN', null)]).toEqual([1, 2.5, -300, 4, NaN]);
  });
  it('takes one column of a table, without its head and comments', () => {
    expect([...pastedNumbers('# made by hand\nx,y\n1,10\n2,20 # last\n', 2)]).toEqual([10, 20]);
  });
  it('says which line it can not read', () => {
    expect(() => pastedNumbers('1\ntwo', null)).toThrow('Line 2: "two" is not a number.');
    expect(() => pastedNumbers('1 2\n3', 2)).toThrow('Line 2 has 1 columns');
  });
});

// Which values a PV of a server can hold: of its type, in its range, and no more elements than it has room for. PURE.
import type { ServerPvOptions } from '../../api';
import { nativeTypes, type NativeType, type NumericArray, type PvValue } from '../../value';
import { ValueError } from '../errors';
import { nativeArrays, wholeRanges } from '../nativeRanges';
import { isList } from '../writable';

export class HeldValues {
  readonly type: NativeType;
  /** Largest number of elements. */
  readonly count: number;
  private readonly range: readonly [number, number] | undefined;
  private readonly ownArray: { new (length: number): NumericArray } | undefined;

  /** Errors: `ValueError` BAD_OPTION for a type or a count that there is not, BAD_TYPE and BAD_COUNT for an initial value that it cannot hold. */
  constructor(private readonly name: string, private readonly options: ServerPvOptions) {
    const { type, initial, count = isList(initial) ? Math.max(initial.length, 1) : 1 } = options;
    this.type = type;
    this.count = count;
    this.range = wholeRanges[type];
    this.ownArray = type === 'STRING' ? undefined : nativeArrays[type];
    if (!nativeTypes.includes(type)) throw new ValueError('BAD_OPTION', `The type of ${name} is ${show(type)}: it must be one of ${nativeTypes.join(', ')}.`, name);
    if (!Number.isInteger(count) || count < 1) throw new ValueError('BAD_OPTION', `The count of ${name} is ${show(count)}: it must be 1 or more, the largest number of elements.`, name);
    if (initial === undefined) throw new ValueError('BAD_OPTION', `${name} has no "initial": give it the value that it begins with.`, name);
    this.check(initial);
  }

  /** Errors: `ValueError` BAD_TYPE, BAD_COUNT. */
  check(value: PvValue): void {
    if (typeof value === 'number' || typeof value === 'string') {
      if (!this.holds(value)) throw this.misfit(value);
      return;
    }
    if (!isList(value)) throw this.misfit(value);
    if (value.length > this.count) throw new ValueError('BAD_COUNT', `${this.name} holds ${this.count} elements, not ${value.length}.`, this.name);
    if (this.ownArray && value instanceof this.ownArray) return;
    for (let index = 0; index < value.length; index += 1) {
      const element = value[index];
      if (!this.holds(element)) throw this.misfit(element, index);
    }
  }

  private holds(element: unknown): boolean {
    const { type, range } = this;
    if (typeof element !== 'number') return type === 'STRING' && typeof element === 'string';
    if (range) {
      const whole = Math.trunc(element);
      return whole >= range[0] && whole <= range[1];
    }
    return type === 'DOUBLE' || (type === 'FLOAT' && (!Number.isFinite(element) || Number.isFinite(Math.fround(element))));
  }

  private misfit(value: unknown, index?: number): ValueError {
    const place = index === undefined ? '' : ` as element ${index}`;
    return new ValueError('BAD_TYPE', `${this.name} is of type ${this.type} and cannot hold ${show(value)}${place}: it takes ${this.fitting(value)}.`, this.name);
  }

  private fitting(value: unknown): string {
    const { type, range, count } = this;
    const many = count > 1 ? `, or an array of up to ${count}` : '';
    if (type === 'STRING') return `a text${many}`;
    if (type === 'CHAR' && count > 1 && typeof value === 'string') return 'the bytes of a text, such as new TextEncoder().encode(text) gives them';
    if (type === 'ENUM') {
      const state = this.options.metadata?.states?.indexOf(String(value)) ?? -1;
      return `the index of a state${state < 0 ? ', 0 to 65535' : `, here ${state}`}${many}`;
    }
    return range ? `a whole number from ${range[0]} to ${range[1]}${many}` : `a number${type === 'FLOAT' ? ' up to 3.4e38' : ''}${many}`;
  }
}

function show(value: unknown): string {
  if (typeof value === 'string') return value.length > 40 ? `"${value.slice(0, 40)}..."` : `"${value}"`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

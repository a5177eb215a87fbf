// JSON with places: parses strictly, and knows the line of every field, so that a broken profile can be told where. Pure.

export interface JsonPlace { readonly line: number; readonly column: number }

export class JsonError extends Error {
  override readonly name = 'JsonError';
  constructor(readonly what: string, readonly place: JsonPlace) {
    super(`line ${place.line}, column ${place.column}: ${what}`);
  }
}

export interface JsonDocument {
  readonly value: unknown;
  /** Line of a field, `devices.0.kind`; of the nearest one around it where it is missing. */
  lineOf(path: string): number;
}

const depthLimit = 64;

/** Errors: JsonError with line and column of the first thing that is not JSON. */
export function parseJson(text: string): JsonDocument {
  const reader = new JsonReader(text.replace(/^\uFEFF/, ''));
  const value = reader.document();
  return {
    value,
    lineOf(path) {
      const parts = path === '' ? [] : path.split('.');
      while (parts.length > 0) {
        const line = reader.lines.get(parts.join('.'));
        if (line !== undefined) return line;
        parts.pop();
      }
      return 1;
    },
  };
}

class JsonReader {
  readonly lines = new Map<string, number>();
  #at = 0;

  constructor(private readonly text: string) {}

  document(): unknown {
    const value = this.#value('', 0);
    this.#blanks();
    if (this.#at < this.text.length) this.#fail('nothing may follow after the end');
    return value;
  }

  #value(path: string, depth: number): unknown {
    this.#blanks();
    if (depth > depthLimit) this.#fail(`more than ${depthLimit} levels`);
    if (path !== '') this.lines.set(path, this.#place().line);
    const letter = this.text[this.#at];
    if (letter === '{') return this.#object(path, depth);
    if (letter === '[') return this.#array(path, depth);
    if (letter === '"') return this.#string();
    const word = /[^\s,\]}:"[{]+/y;
    word.lastIndex = this.#at;
    const found = word.exec(this.text)?.[0];
    if (found === undefined) this.#fail(letter === undefined ? 'the file ends here, a value is missing' : `a value is missing before "${letter}"`);
    const literal = found === 'true' ? true : found === 'false' ? false : found === 'null' ? null : undefined;
    if (literal === undefined && !/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(found)) {
      this.#fail(`"${found.slice(0, 40)}" is not a value: texts need quotation marks`);
    }
    this.#at += found.length;
    return literal === undefined ? Number(found) : literal;
  }

  #object(path: string, depth: number): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    this.#at += 1;
    this.#blanks();
    if (this.#take('}')) return object;
    for (;;) {
      this.#blanks();
      if (this.text[this.#at] !== '"') this.#fail('a field name in quotation marks is missing');
      const name = this.#string();
      if (Object.hasOwn(object, name)) this.#fail(`the field "${name}" is given twice`);
      this.#blanks();
      if (!this.#take(':')) this.#fail(`a colon is missing after "${name}"`);
      const value = this.#value(path === '' ? name : `${path}.${name}`, depth + 1);
      Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
      this.#blanks();
      if (this.#take('}')) return object;
      if (!this.#take(',')) this.#fail('a comma or "}" is missing');
    }
  }

  #array(path: string, depth: number): unknown[] {
    const array: unknown[] = [];
    this.#at += 1;
    this.#blanks();
    if (this.#take(']')) return array;
    for (;;) {
      array.push(this.#value(path === '' ? String(array.length) : `${path}.${array.length}`, depth + 1));
      this.#blanks();
      if (this.#take(']')) return array;
      if (!this.#take(',')) this.#fail('a comma or "]" is missing');
    }
  }

  #string(): string {
    const whole = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
    whole.lastIndex = this.#at;
    const found = whole.exec(this.text)?.[0];
    if (found === undefined) this.#fail('this text has no end on its line, or a backslash that is no escape (a Windows path needs \\\\ for each \\)');
    this.#at += found.length;
    return JSON.parse(found) as string;
  }

  #blanks(): void {
    while (/[ \t\r\n]/.test(this.text[this.#at] ?? '')) this.#at += 1;
  }

  #take(letter: string): boolean {
    if (this.text[this.#at] !== letter) return false;
    this.#at += 1;
    return true;
  }

  #place(): JsonPlace {
    const before = this.text.slice(0, this.#at);
    const line = before.split('\n').length;
    return { line, column: this.#at - before.lastIndexOf('\n') };
  }

  #fail(what: string): never { throw new JsonError(what, this.#place()); }
}

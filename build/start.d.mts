// Types of start.mjs, for its tests.
export function servedArguments(args: readonly string[]): string[];
export function buildIsStale(): boolean;
export function build(): void;
export function open(args: readonly string[]): Promise<number>;
export function commandOf(args: readonly string[]): string | null;

// Types of display.mjs, for the tests that launch Electron.
export interface Display { readonly name: string; close(): void }
export function virtualDisplay(): Promise<Display>;

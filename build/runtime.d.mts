// Types of runtime.mjs, for the tests that launch Electron.
export interface Runtime { readonly dist: string; readonly source: string; readonly version: string; readonly program: string }
export const testVersion: string;
export function versionOf(dist: string): string | null;
export function findRuntime(options?: { download: boolean }): Promise<Runtime | null>;
export function prepareDist(runtime: Pick<Runtime, 'dist' | 'program' | 'version'>): { executable: string; args: string[] };
export function testRuntime(cache?: string): Promise<string>;

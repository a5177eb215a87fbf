// End to end: every spec runs in real Electron under Xvfb (`electron`) and in Chromium against the browser host (`chromium`).
import { defineConfig } from '@playwright/test';
import type { HostOptions } from './e2e/endstation';

export default defineConfig<HostOptions>({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results/e2e',
  workers: 1,
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] ?? 'test-results/e2e.json' }]],
  projects: [
    { name: 'electron', use: { host: 'electron' } },
    // What only Electron or only the installed package has is in specs of its own.
    { name: 'chromium', use: { host: 'browser' }, testIgnore: /\/(electron|package)\b.*\.spec\.ts$/ },
  ],
});

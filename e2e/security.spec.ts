// The page has no more rights than a page: no Node, no other address, no new window, no script that was not shipped.
import { expect, test } from './endstation';

test('the page has no Node and no Electron, only the bridge', async ({ endstation, host }) => {
  const found = await endstation.page.evaluate(() => {
    const all = globalThis as unknown as Record<string, unknown>;
    return {
      nodes: ['require', 'process', 'module', 'Buffer', 'global', '__dirname', 'ipcRenderer', 'electron'].filter((name) => all[name] !== undefined),
      bridge: Object.keys((all['endstation'] ?? {}) as object).sort(),
    };
  });
  expect(found.nodes).toEqual([]);
  expect(found.bridge).toEqual(host === 'electron' ? ['connect', 'host'] : []);
});

test('a strict content security policy is in force: no eval, no inline script, no foreign connection', async ({ endstation }) => {
  const { page } = endstation;
  const response = await page.evaluate(async () => {
    const answer = await fetch(location.pathname);
    return { policy: answer.headers.get('content-security-policy'), type: answer.headers.get('x-content-type-options') };
  });
  expect(response.policy).toContain("default-src 'none'");
  expect(response.policy).toContain("script-src 'self';");
  expect(response.type).toBe('nosniff');
  const tried = await page.evaluate(async () => {
    const violations: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
    const script = document.createElement('script');
    script.textContent = 'window.injected = true;';
    document.body.append(script);
    const frame = document.createElement('iframe');
    frame.src = 'https://example.invalid/';
    document.body.append(frame);
    const reached = await fetch('https://example.invalid/').then(() => true, () => false);
    // Text as code, in a task of its own: what the test itself evaluates is not under the policy.
    setTimeout('window.evaluated = true', 0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { violations: [...new Set(violations)], injected: 'injected' in window, reached, evaluated: 'evaluated' in window };
  });
  expect(tried).toMatchObject({ injected: false, reached: false, evaluated: false });
  expect(tried.violations).toEqual(expect.arrayContaining(['script-src-elem', 'connect-src', 'script-src']));
});

test('the window stays where it is: navigation and new windows are refused', async ({ endstation, host, browserName }) => {
  test.info().annotations.push({ type: 'host', description: `${host} ${browserName}` });
  const { page } = endstation;
  if (host === 'electron') {
    const before = page.url();
    const opened = await page.evaluate(() => window.open('https://example.invalid/') === null);
    expect(opened).toBe(true);
    for (const address of ['https://example.invalid/', 'file:///etc/passwd', 'app://other/', 'app://endstation/../../package.json', 'data:text/html,hello']) {
      await page.evaluate((target) => {
        const link = document.createElement('a');
        link.href = target;
        document.body.append(link);
        link.click();
        link.remove();
      }, address);
      await page.waitForTimeout(200);
      expect(page.url()).toBe(before);
    }
  } else {
    // A browser's user may go where they like; what another page gets is refused by the host.
    const refused = await page.evaluate(async () => {
      const without = await fetch('/', { credentials: 'omit' });
      const outside = await fetch('/..%2f..%2fpackage.json');
      return [without.status, outside.status];
    });
    expect(refused).toEqual([401, 404]);
  }
  expect(await page.evaluate(() => document.querySelectorAll('[role=tab]').length)).toBeGreaterThan(1);
});

test('nothing asks for devices or places: permissions are denied', async ({ endstation, host }) => {
  test.info().annotations.push({ type: 'host', description: host });
  const states = await endstation.page.evaluate(async () => {
    const ask = (name: string) => navigator.permissions.query({ name: name as PermissionName }).then((status) => status.state, () => 'denied');
    return Promise.all(['geolocation', 'notifications', 'camera', 'microphone'].map(ask));
  });
  expect(states.filter((state) => state === 'granted')).toEqual([]);
});

test('the token leaves the address bar, and a reload still works', async ({ endstation, host }) => {
  const { page } = endstation;
  await expect.poll(() => page.url()).not.toContain('token');
  await page.reload();
  await expect(page.getByRole('tab', { name: 'PVs', exact: true })).toBeVisible();
  if (host === 'browser') expect(await page.evaluate(() => document.cookie)).toBe('');
});

// Pictures of the lab's charts for docs/parallelism.md: every experiment measured (quick), each chart as it stands in the window, in both themes.
import { join } from 'node:path';

/** Quick runs of everything take some minutes; beside other programs more. */
const longest = 30 * 60_000;

/** Measures the whole article from the tab of an opened window. */
export async function measureTheArticle(page) {
  await page.getByRole('tab', { name: 'Parallelism', exact: true }).click();
  await page.getByRole('checkbox', { name: /^Quick/ }).check();
  await page.getByRole('button', { name: 'Check the whole article' }).click();
  await page.getByRole('progressbar', { name: 'Progress of the measurement' }).waitFor();
  await page.getByRole('progressbar', { name: 'Progress of the measurement' }).waitFor({ state: 'detached', timeout: longest });
}

/** `lab-speedup-scaling-with-threads-light.png` and so on. */
export async function saveCharts(page, out, theme) {
  const experiments = page.getByRole('navigation', { name: 'Experiments' }).getByRole('button');
  for (let index = 0; index < await experiments.count(); index++) {
    await experiments.nth(index).click();
    const charts = page.getByRole('region', { name: 'Result', exact: true }).locator('figure');
    await charts.first().waitFor();
    for (let at = 0; at < await charts.count(); at++) {
      const chart = charts.nth(at);
      const button = chart.getByRole('button', { name: /^Save as PNG/ });
      const title = (await button.getAttribute('aria-label') ?? '').replace('Save as PNG: ', '');
      if (/^(Over time|Side by side)/.test(title)) continue;
      await page.getByRole('combobox', { name: 'Colours of pictures' }).selectOption(theme);
      const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
      await download.saveAs(join(out, `lab-${download.suggestedFilename().replace(/\.png$/, '')}-${theme}.png`));
    }
  }
}

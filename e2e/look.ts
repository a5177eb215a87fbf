// What a designer would see at once, for the specs to ask: text that is cut off or lies outside, and faults of accessibility.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** Text that can't be read: cut by its box, shortened with nothing that tells the rest, or outside the window. What can be scrolled to is not cut. */
function cutTexts(): string[] {
  const faults: string[] = [];
  const hides = (overflow: string) => overflow === 'hidden' || overflow === 'clip';
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent?.trim() ?? '';
    const own = node.parentElement;
    if (text === '' || !own || own.closest('svg, .sr-only, option, .display, .cm-editor')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const { left, right, top, bottom, width, height } = range.getBoundingClientRect();
    /** What is shortened on purpose ends where its box ends. */
    const box = { left, right, top, bottom };
    if (width < 2 || height < 2 || !own.checkVisibility()) continue;
    let scrolls = false;
    let fault = '';
    for (let up: HTMLElement | null = own; up && up !== document.body && !scrolls; up = up.parentElement) {
      const { overflowX, overflowY, textOverflow, webkitLineClamp } = getComputedStyle(up);
      const place = up.getBoundingClientRect();
      scrolls = [overflowX, overflowY].some((overflow) => overflow === 'auto' || overflow === 'scroll');
      if (scrolls) break;
      const wide = hides(overflowX) && (box.right > place.right + 2 || box.left < place.left - 2);
      const tall = hides(overflowY) && (box.bottom > place.bottom + 4 || box.top < place.top - 4);
      if ((wide && textOverflow === 'ellipsis' && !tall) || (tall && webkitLineClamp !== 'none')) {
        if (!own.closest('[title]')) fault = 'shortened, with no title';
        Object.assign(box, { right: Math.min(right, place.right), bottom: Math.min(bottom, place.bottom) });
      } else if (wide || tall) fault = 'cut off';
    }
    if (!scrolls && (box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < -1 || box.top < -1)) fault ||= 'outside the window';
    if (fault !== '') faults.push(`"${text.slice(0, 60)}" is ${fault} (${own.tagName.toLowerCase()}.${own.className})`);
  }
  const { scrollWidth, scrollHeight, clientWidth, clientHeight } = document.documentElement;
  if (scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + 1) faults.push(`the page is larger than the window: ${scrollWidth} x ${scrollHeight} in ${clientWidth} x ${clientHeight}`);
  return faults;
}

/** In the smallest window. */
export async function unreadable(page: Page): Promise<string[]> {
  await page.setViewportSize({ width: 1024, height: 640 });
  await page.waitForTimeout(250);
  return page.evaluate(cutTexts);
}

/** In both themes, told as `dark: rule element`. */
export async function inaccessible(page: Page): Promise<string[]> {
  const told: string[] = [];
  for (const theme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await page.waitForTimeout(250);
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
    told.push(...violations.map((v) => `${theme}: ${v.id} ${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(', ')}`));
  }
  return told;
}

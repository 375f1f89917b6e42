import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import { expect } from "./fixtures";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const COLOUR_RULES = ["color-contrast", "link-in-text-block"];

/** Nothing is wider than the screen, and no rule of axe is broken: in all of the page, or in `part` of it alone. */
export async function expectGoodFor(everyone: Page, part = "html"): Promise<void> {
  await fadingIsOver(everyone);
  await expectNoViolation(axe(everyone, part).withTags(TAGS));
  const sideways = await everyone.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(sideways).toBeLessThanOrEqual(0);
}

/** Every rule in light; in dark those that look at colours, since nothing else differs. */
export async function expectGoodInLightAndDark(everyone: Page, part = "html"): Promise<void> {
  await turn(everyone, "light");
  await expectGoodFor(everyone, part);
  await turn(everyone, "dark");
  await expectNoViolation(axe(everyone, part).withRules(COLOUR_RULES));
  await turn(everyone, "light");
}

/**
 * No page of the desk has frames, for which axe would open a page of its own, and nobody reads here what is right:
 * without these it takes a third of the time.
 */
const axe = (page: Page, part: string) =>
  new AxeBuilder({ page })
    .options({ resultTypes: ["violations"] })
    .include(part)
    .setLegacyMode();

async function expectNoViolation(builder: AxeBuilder): Promise<void> {
  const { violations } = await builder.analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
}

async function turn(page: Page, colorScheme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await expect(page.locator(`[data-mantine-color-scheme=${colorScheme}]`)).toBeAttached();
  await fadingIsOver(page);
}

/** Colours that are still changing are not yet the page's own. */
async function fadingIsOver(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const fading = document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(fading.map((each) => each.finished));
  });
}

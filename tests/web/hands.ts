import type { Locator, Page } from 'playwright-core';

/** How a person uses a page. */
export interface Hand {
  press(target: Locator): Promise<void>;
  type(target: Locator, text: string): Promise<void>;
}

/** More stops than any page has. */
const stopsMax = 150;

/** By finger or mouse. */
export function pointer(): Hand {
  return { press: (target) => target.click(), type: (target, text) => target.fill(text) };
}

/** By keyboard alone: what Tab does not reach cannot be used. */
export function keyboard(page: Page): Hand {
  const reach = async (target: Locator) => {
    await target.waitFor();
    for (let stop = 0; stop < stopsMax; stop++) {
      if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`${stopsMax} times Tab did not reach ${target}`);
  };
  return {
    press: async (target) => {
      await reach(target);
      await page.keyboard.press('Enter');
    },
    type: async (target, text) => {
      await reach(target);
      await page.keyboard.type(text);
    },
  };
}

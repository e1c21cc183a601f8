import { accessibilityFaults } from '@kilas/testkit/browser/accessibility-faults.ts';
import { openBrowser, type TestBrowser } from '@kilas/testkit/browser/open-browser.ts';
import { foundChromium, testWithBrowser } from '@kilas/testkit/browser/test-with-browser.ts';
import { afterAll, beforeAll, expect } from 'vitest';
import { enter, scenes, show, turnTo } from './scenes.ts';
import { type Stage, setStage } from './stage.ts';

let stage: Stage;
let browser: TestBrowser;

beforeAll(async () => {
  if (foundChromium === undefined) return;
  browser = await openBrowser({ found: foundChromium });
  stage = await setStage();
}, 600_000);

afterAll(async () => {
  await browser?.close();
  await stage?.site.stop();
});

const roles = [undefined, 'newcomer', 'member', 'creator', 'beginner'] as const;
const visits = roles.flatMap((role) =>
  (['phone', 'desktop'] as const).map((viewport) => ({ role, viewport, who: role ?? 'visitor' })),
);

testWithBrowser.for(visits)('every page for a $who keeps nobody out, on a $viewport, in both themes', async (visit) => {
  const { role, viewport } = visit;
  const { page, context, faults } = await enter(browser, stage, role, { viewport });
  const found: string[] = [];
  for (const scene of scenes.filter(({ as }) => as === role)) {
    await page.emulateMedia({ colorScheme: 'light' });
    await show(page, scene, stage);
    for (const theme of ['light', 'dark'] as const) {
      await turnTo(page, theme);
      for (const fault of await accessibilityFaults(page)) found.push(`${scene.name}, ${theme}: ${fault}`);
    }
  }
  await context.close();
  expect(found).toEqual([]);
  expect(faults).toEqual([]);
});

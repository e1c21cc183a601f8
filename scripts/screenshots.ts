// Pictures of every page of the web app, to be looked at: `npm run screenshots -- --help`.
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readingArguments } from '@kilas/cli/command-line.ts';
import { createProgress, type Progress } from '@kilas/cli/progress.ts';
import { listenForStop } from '@kilas/cli/stop-signal.ts';
import { runCommand, UserError } from '@kilas/cli/user-error.ts';
import { openBrowser, type TestBrowser, type ViewportName } from '@kilas/testkit/browser/open-browser.ts';
import { enter, type Scene, scenes, show, turnTo } from '../tests/web/scenes.ts';
import { type Role, type Stage, setStage } from '../tests/web/stage.ts';

const usage = `npm run screenshots -- [NAME…] [options]

Starts a throwaway Kilas, fills it, and writes every page of the web app into screenshots/, as
NAME-phone|desktop-light|dark[-id].png: in English, the main ones in Indonesian too.

  NAME…   only the pages whose name begins so, such as "event" or "studio"
  --list  the names
  --help  this text`;

const folder = path.resolve(import.meta.dirname, '../screenshots');
/** Pages that are open at once: about what two cores draw. */
const together = 3;

interface Round {
  readonly role: Role | undefined;
  readonly viewport: ViewportName;
  readonly language: 'en-GB' | 'id-ID';
  readonly scenes: readonly Scene[];
}

await runCommand(listenForStop(), async () => {
  const { values, positionals } = readingArguments('npm run screenshots', () =>
    parseArgs({
      allowPositionals: true,
      options: { help: { type: 'boolean', default: false }, list: { type: 'boolean', default: false } },
    }),
  );
  if (values.help) return console.log(usage);
  if (values.list) return console.log(scenes.map(({ name }) => name).join('\n'));
  await takePictures(chosen(positionals), createProgress());
});

function chosen(names: readonly string[]): readonly Scene[] {
  if (names.length === 0) return scenes;
  const found = scenes.filter(({ name }) => names.some((start) => name.startsWith(start)));
  if (found.length > 0) return found;
  throw new UserError(`No page is called ${names.join(', ')}: npm run screenshots -- --list names them.`);
}

async function takePictures(wanted: readonly Scene[], progress: Progress): Promise<void> {
  await mkdir(folder, { recursive: true });
  if (wanted.length === scenes.length) await rm(folder, { recursive: true }).then(() => mkdir(folder));
  const stage = await setStage(progress.step);
  const browser = await openBrowser();
  try {
    const rounds = roundsOf(wanted);
    const total = rounds.reduce((sum, round) => sum + round.scenes.length * 2, 0);
    let taken = 0;
    const onPicture = () => {
      taken += 1;
      progress.wait(`${taken} of ${total} pictures`);
    };
    const walk = async () => {
      for (let round = rounds.shift(); round !== undefined; round = rounds.shift()) {
        await takeRound(browser, stage, round, onPicture);
      }
    };
    await Promise.all(Array.from({ length: together }, walk));
    progress.step(`${taken} pictures in ${folder}`);
  } finally {
    // First the browser: the installation waits for its open requests.
    await browser.close();
    await stage.site.stop();
  }
}

/** One person at one screen; who only comes for few pages comes last. */
function roundsOf(wanted: readonly Scene[]): Round[] {
  const rounds: Round[] = [];
  for (const role of new Set(wanted.map(({ as }) => as))) {
    for (const viewport of ['phone', 'desktop'] as const) {
      const own = wanted.filter(({ as }) => as === role);
      rounds.push({ role, viewport, language: 'en-GB', scenes: own });
      rounds.push({ role, viewport, language: 'id-ID', scenes: own.filter(({ isMain }) => isMain === true) });
    }
  }
  return rounds.filter((round) => round.scenes.length > 0).sort((a, b) => b.scenes.length - a.scenes.length);
}

async function takeRound(browser: TestBrowser, stage: Stage, round: Round, onPicture: () => void): Promise<void> {
  const { role, viewport, language } = round;
  const { page, context } = await enter(browser, stage, role, { viewport, language });
  for (const scene of round.scenes) {
    await page.emulateMedia({ colorScheme: 'light' });
    await show(page, scene, stage);
    for (const theme of ['light', 'dark'] as const) {
      if (theme === 'dark') await turnTo(page, theme);
      const end = language === 'id-ID' ? '-id' : '';
      await page.screenshot({ path: path.join(folder, `${scene.name}-${viewport}-${theme}${end}.png`) });
      onPicture();
    }
  }
  await context.close();
}

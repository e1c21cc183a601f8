import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { findRunning } from '@kilas/installation/running-file.ts';
import { startInstallation } from '@kilas/standalone/start-installation.ts';
import { openBrowser } from '@kilas/testkit/browser/open-browser.ts';
import { ensureWebBuild } from '@kilas/web-build/ensure-web-build.ts';
import { type Part, readArguments, usage } from './arguments.ts';
import { countCode } from './count-code.ts';
import { makeEvent } from './make-event.ts';
import { type Load, measureLoad, medianLoad } from './measure-load.ts';
import { measureScroll } from './measure-scroll.ts';

/** What docs/web.md promises; `cls` of loading and scrolling together. */
const limits: Readonly<Record<string, { readonly max: number } | { readonly min: number }>> = {
  lcpMs: { max: 2_500 },
  tbtMs: { max: 200 },
  longestTaskMs: { max: 50 },
  reachable: { min: 1 },
  cls: { max: 0 },
  heapMb: { max: 150 },
  findKb: { max: 120 },
  studioKb: { max: 220 },
};

const options = readArguments(process.argv.slice(2));
if (options.isHelp) process.stdout.write(usage);
else await main();

async function main(): Promise<void> {
  const figures = await measure((part) => options.parts.includes(part));
  report(figures);
  process.stdout.write(`${JSON.stringify({ ...figures, load1: loadNow(), cores: os.availableParallelism() })}\n`);
}

/** On an installation of its own. */
async function measure(wants: (part: Part) => boolean): Promise<Record<string, number>> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-bench-web-'));
  await using started = new AsyncDisposableStack();
  started.defer(() => rm(folder, { recursive: true, force: true }));
  const dataFolder = path.join(folder, 'data');
  const { url, stop } = await startInstallation({ dataFolder, port: 0, logLevel: 'error', onProgress: say });
  started.defer(stop);
  const browser = await openBrowser();
  started.defer(browser.close);
  const code = wants('code') ? await countCode(browser, url, await ensureWebBuild({ onProgress: say })) : {};
  if (!wants('load') && !wants('scroll')) return code;
  const databaseUrl = (await findRunning(dataFolder))?.photo;
  if (databaseUrl === undefined) throw new Error('the databases do not run');
  const event = await makeEvent(url, databaseUrl, { ...options, say });
  const loads: Load[] = [];
  for (let turn = 0; wants('load') && turn < options.loads; turn += 1) {
    const load = await measureLoad(browser, url, `/e/${event.eventId}`);
    loads.push(load);
    say(`load ${turn + 1}, machine's load ${loadNow()}: ${JSON.stringify(load)}`);
  }
  const { loadCls = 0, ...loaded } = loads.length > 0 ? medianLoad(loads) : {};
  const { scrollCls = 0, ...scrolled } = wants('scroll') ? await measureScroll(browser, url, event, say) : {};
  return { ...loaded, ...scrolled, cls: Math.max(loadCls, scrollCls), ...code };
}

function report(figures: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(figures)) {
    const limit = limits[name];
    if (limit === undefined) continue;
    const isHeld = 'max' in limit ? value <= limit.max : value >= limit.min;
    if (!isHeld) process.exitCode = 1;
    const wanted = 'max' in limit ? `at most ${limit.max}` : `at least ${limit.min}`;
    process.stdout.write(`${isHeld ? 'holds ' : 'MISSED'} ${name.padEnd(14)} ${value} (${wanted})\n`);
  }
}

function loadNow(): number {
  return Math.round((os.loadavg()[0] ?? 0) * 10) / 10;
}

function say(message: string): void {
  process.stderr.write(`${(performance.now() / 1_000).toFixed(0).padStart(4)} s  ${message}\n`);
}

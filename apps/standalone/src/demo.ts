import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ApiClient } from './demo/api-client.ts';
import { type DemoArguments, readArguments, usage } from './demo/arguments.ts';
import { listPhotoFiles, makeSelfie, samplePhotoFiles } from './demo/photos.ts';
import { printFound } from './demo/print-found.ts';
import { runJourney, type Selfie } from './demo/run-journey.ts';
import { createProgress } from './progress.ts';
import { startInstallation } from './start-installation.ts';
import { untilAskedToStop } from './until-asked-to-stop.ts';

const priceIdr = 50_000;

const args = readArguments(process.argv.slice(2));
if (typeof args === 'string') {
  console.error(`${args}\n\n${usage}`);
  process.exitCode = 2;
} else if (args.isHelp) {
  console.log(usage);
} else {
  await demonstrate(args);
}

/** A throwaway installation that does the main job once. */
async function demonstrate({ photosFolder, selfieFiles, isExit, port, logLevel }: DemoArguments): Promise<void> {
  const stopAsked = untilAskedToStop();
  const progress = createProgress();
  const photoFiles = photosFolder === undefined ? await samplePhotoFiles() : await listPhotoFiles(photosFolder);
  const selfies = selfieFiles.length === 0 ? [await makeSelfie()] : await readSelfies(selfieFiles);
  const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'kilas-demo-'));
  try {
    const running = await startInstallation({ dataFolder, port, logLevel, onProgress: progress.step });
    try {
      progress.step(`five services run at ${running.url}`);
      const input = { photoFiles, selfies, priceIdr, eventName: 'Demo Run 2026' };
      const { found, distances, ...result } = await runJourney(new ApiClient(running.url), input, progress);
      if (selfieFiles.length > 0) printFound(found, distances, selfies);
      const isRight = result.originalSha256Matches && result.matches > 0 && result.walletIdr > 0;
      const figures = { ...result, seconds: progress.seconds(), ...(selfieFiles.length > 0 ? { found } : {}) };
      if (!isExit) {
        console.log(`\nLook around at ${running.url} – Ctrl-C ends the demo and deletes its data.`);
        await stopAsked;
      }
      await running.stop();
      console.log(JSON.stringify(figures));
      console.log(isRight ? 'demo: ok' : 'demo: failed');
      if (!isRight) process.exitCode = 1;
    } finally {
      await running.stop();
    }
  } finally {
    await rm(dataFolder, { recursive: true, force: true });
  }
}

async function readSelfies(files: readonly string[]): Promise<Selfie[]> {
  return Promise.all(files.map(async (file) => ({ name: file, bytes: await readFile(file) })));
}

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createProgress, type Progress } from '@kilas/cli/progress.ts';
import { listenForStop, untilStopped } from '@kilas/cli/stop-signal.ts';
import { runCommand, systemReason, UserError } from '@kilas/cli/user-error.ts';
import { ApiClient } from '@kilas/client/api-client.ts';
import type { Selfie } from '@kilas/client/journey/find-photos.ts';
import { type JourneyResult, runJourney } from '@kilas/client/journey/run-journey.ts';
import { makeSelfie, samplePhotoFiles } from '@kilas/samples/photos.ts';
import { type DemoArguments, readArguments, usage } from './demo/arguments.ts';
import { listPhotoFiles } from './demo/list-photo-files.ts';
import { mailpitReader } from './demo/mailpit.ts';
import { type OneTimeEntrance, oneTimeEntrance } from './demo/one-time-entrance.ts';
import { printFound } from './demo/print-found.ts';
import { demoFolderPrefix, removeLeftovers } from './demo/remove-leftovers.ts';
import { type RunningInstallation, startInstallation } from './start-installation.ts';

const priceIdr = 50_000;

const stop = listenForStop();
await runCommand(stop, async () => {
  const args = readArguments(process.argv.slice(2));
  if (args.isHelp) console.log(usage);
  else await demonstrate(args);
});

/** The main job once, on a throwaway installation or on one that runs. */
async function demonstrate(args: DemoArguments): Promise<void> {
  const { photosFolder, selfieFiles, port, logLevel } = args;
  const progress = createProgress();
  const photoFiles = photosFolder === undefined ? await samplePhotoFiles() : await listPhotoFiles(photosFolder);
  const selfies = selfieFiles.length === 0 ? [await makeSelfie()] : await readSelfies(selfieFiles);
  const input = { photoFiles, selfies, priceIdr, eventName: 'Demo Run 2026' };
  if (args.against !== undefined) {
    const { url, mailpitUrl } = args.against;
    const api = new ApiClient(url, { stop, readMails: mailpitReader(mailpitUrl) });
    return conclude(await runJourney(api, input, progress), args, selfies, progress);
  }
  await removeLeftovers();
  const dataFolder = await mkdtemp(demoFolderPrefix);
  try {
    const env = process.env;
    const entrance = oneTimeEntrance();
    const place = { dataFolder, port, logLevel, env, stop };
    const running = await startInstallation({ ...place, extend: entrance.register, onProgress: progress.step });
    try {
      progress.step(`five services run at ${running.url}`);
      const result = await runJourney(new ApiClient(running.url, { stop }), input, progress);
      await conclude(result, args, selfies, progress, { running, entrance });
    } finally {
      await running.stop();
    }
  } finally {
    await rm(dataFolder, { recursive: true, force: true });
  }
}

async function conclude(
  { found, distances, foundMember, ...result }: JourneyResult,
  args: DemoArguments,
  selfies: readonly Selfie[],
  progress: Progress,
  own?: { running: RunningInstallation; entrance: OneTimeEntrance },
): Promise<void> {
  const isOwn = args.selfieFiles.length > 0;
  if (isOwn) printFound(found, distances, selfies);
  const figures = { ...result, seconds: progress.seconds(), ...(isOwn ? { found } : {}) };
  if (own !== undefined && !args.isExit) {
    console.log(
      `\nSee the photos as the member, signed in (this link works once): ${own.entrance.linkFor(own.running.url, foundMember)}`,
    );
    console.log(`Look around at ${own.running.url} – Ctrl-C ends the demo and deletes its data.`);
    await untilStopped(stop);
  }
  await own?.running.stop();
  console.log(JSON.stringify(figures));
  const isRight = result.originalSha256Matches && result.matches > 0 && result.walletIdr > 0;
  if (isRight && result.refused === 0) {
    console.log('demo: ok');
    return;
  }
  console.log(isRight ? `demo: ${result.refused} of the files were refused` : 'demo: failed');
  process.exitCode = 1;
}

async function readSelfies(files: readonly string[]): Promise<Selfie[]> {
  const read = async (file: string) => {
    try {
      return { name: file, bytes: await readFile(file) };
    } catch (error) {
      throw new UserError(`The selfie ${file} cannot be read (${systemReason(error)}): --selfie takes picture files.`);
    }
  };
  return Promise.all(files.map(read));
}

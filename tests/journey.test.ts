import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createProgress } from '@kilas/cli/progress.ts';
import { ApiClient } from '@kilas/client/api-client.ts';
import { runJourney } from '@kilas/client/journey/run-journey.ts';
import { DOCUMENT } from '@kilas/client/types-of.ts';
import { makeSelfie, samplePhotoFiles } from '@kilas/samples/photos.ts';
import { type RunningInstallation, startInstallation } from '@kilas/standalone/start-installation.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'kilas-journey-'));
const quiet = createProgress(() => {});
const openApi = z.looseObject({ openapi: z.string(), paths: z.record(z.string(), z.unknown()) });
let running: RunningInstallation;

beforeAll(async () => {
  running = await startInstallation({ dataFolder, port: 0, logLevel: 'error', onProgress: () => {} });
});

afterAll(async () => {
  await running.stop();
  await rm(dataFolder, { recursive: true, force: true });
});

test('in one process: a photo is sold to the one who appears in it, and its creator is paid', async () => {
  const input = {
    photoFiles: await samplePhotoFiles(),
    selfies: [await makeSelfie()],
    priceIdr: 50_000,
    eventName: 'City Run',
  };
  const result = await runJourney(new ApiClient(running.url), input, quiet);
  expect(result).toMatchObject({ photos: 6, originalSha256Matches: true, walletIdr: 40_000 });
  expect(result.faces).toBeGreaterThanOrEqual(6);
  expect(result.matches).toBeGreaterThanOrEqual(1);
});

test('the API is described by one OpenAPI 3.1 document with a page to read it, and everything says it is ready', async () => {
  const document = openApi.parse(await (await fetch(`${running.url}/openapi.json`)).json());
  expect(document.openapi).toMatch(/^3\.1/);
  // `npm run gen` writes it anew.
  expect(document).toEqual(JSON.parse(await readFile(DOCUMENT, 'utf8')));
  const paths = Object.keys(document.paths);
  for (const path of ['/v1/auth/sign-in', '/v1/uploads/photos', '/v1/explore', '/v1/orders', '/v1/wallet']) {
    expect(paths).toContain(path);
  }
  const page = await (await fetch(`${running.url}/docs/`)).text();
  expect(page).toContain('/openapi.json');
  for (const address of ['/', '/docs', '/dev/mail', '/sandbox/payments']) {
    expect((await fetch(`${running.url}${address}`)).status).toBe(200);
  }
  const isReady = async () => (await fetch(`${running.url}/readyz`)).ok;
  await waitFor(isReady, { what: 'all services to be ready', timeoutMs: 20_000 });
});

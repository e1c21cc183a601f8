import { createProgress } from '@kilas/cli/progress.ts';
import { ApiClient } from '@kilas/client/api-client.ts';
import { runJourney } from '@kilas/client/journey/run-journey.ts';
import { makeSelfie, samplePhotoFiles } from '@kilas/samples/photos.ts';
import { type ServiceProcesses, startProcesses } from '@kilas/testkit/start-processes.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

const openApi = z.object({ openapi: z.string(), paths: z.record(z.string(), z.unknown()) });
let processes: ServiceProcesses;

beforeAll(async () => {
  processes = await startProcesses();
});

afterAll(() => processes?.stop());

test('as five processes over gRPC: a photo is sold to the one who appears in it, and its creator is paid', async () => {
  const input = {
    photoFiles: await samplePhotoFiles(),
    selfies: [await makeSelfie()],
    priceIdr: 50_000,
    eventName: 'City Run',
  };
  const result = await runJourney(
    new ApiClient(processes.url),
    input,
    createProgress(() => {}),
  );
  expect(result).toMatchObject({ photos: 6, originalSha256Matches: true, walletIdr: 40_000 });
  expect(result.matches).toBeGreaterThanOrEqual(1);
});

test('the documents of the five services are served as one', async () => {
  const document = openApi.parse(await (await fetch(`${processes.url}/openapi.json`)).json());
  const paths = Object.keys(document.paths);
  for (const path of ['/v1/auth/sign-in', '/v1/uploads/photos', '/v1/explore', '/v1/orders']) {
    expect(paths).toContain(path);
  }
});

import { createProgress } from '@kilas/cli/progress.ts';
import { ApiClient } from '@kilas/client/api-client.ts';
import { runJourney } from '@kilas/client/journey/run-journey.ts';
import { findFreePort } from '@kilas/embedded/free-port.ts';
import { makeSelfie, samplePhotoFiles } from '@kilas/samples/photos.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';

const port = await findFreePort();
const url = `http://127.0.0.1:${port}`;
let system: TestSystem;

beforeAll(async () => {
  const services = ['user', 'photo', 'transaction', 'ai', 'upload'] as const;
  system = await startSystem({ services, objects: 's3', env: { PUBLIC_URL: url } });
  await system.app.listen({ host: '127.0.0.1', port });
});

afterAll(() => system?.close());

test('with objects on S3: a photo is uploaded, found, bought and downloaded as it was, all pixels through signed links', async () => {
  const input = {
    photoFiles: await samplePhotoFiles(),
    selfies: [await makeSelfie()],
    priceIdr: 50_000,
    eventName: 'City Run',
  };
  const reads = new Set<string>();
  system.s3?.interfere(({ method, url: address }) => {
    if (method === 'GET' && address.includes('X-Amz-Signature')) reads.add(address.split('/')[1] ?? '');
    return undefined;
  });
  const result = await runJourney(
    new ApiClient(url),
    input,
    createProgress(() => {}),
  );
  expect(result).toMatchObject({ photos: 6, originalSha256Matches: true, walletIdr: 40_000 });
  expect([...reads].sort()).toEqual(['kilas-originals', 'kilas-previews']);
  const readiness = await fetch(`${url}/readyz`);
  const services = { upload: { objects: 'ready' }, ai: { objects: 'ready' } };
  expect(await readiness.json()).toMatchObject({ services });
});

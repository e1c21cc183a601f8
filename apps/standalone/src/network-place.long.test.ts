import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ApiClient, answerOf } from '@kilas/client/api-client.ts';
import { buyPhoto, downloadOriginal } from '@kilas/client/journey/buy-photo.ts';
import { becomeCreator, register } from '@kilas/client/journey/people.ts';
import { createEvent, uploadPhotos } from '@kilas/client/journey/sell-photos.ts';
import { samplePhotoFiles } from '@kilas/samples/photos.ts';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { startInstallation } from './start-installation.ts';

// Only Linux has more addresses of its own than one, whatever network there is.
const isLinux = os.platform() === 'linux';
if (!isLinux) process.stdout.write('skipped: a start on another address, which only Linux has without a network\n');

test.skipIf(!isLinux)(
  'whoever comes by the address finds every link leading there: mails, pictures, payments',
  {
    timeout: 240_000,
  },
  async () => {
    const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'kilas-network-'));
    const options = { dataFolder, host: '127.0.0.2', port: 0, logLevel: 'silent', onProgress: () => {} };
    const running = await startInstallation(options);
    onTestFinished(async () => {
      await running.stop();
      await rm(dataFolder, { recursive: true, force: true });
    });
    expect(running.url).toMatch(/^http:\/\/127\.0\.0\.2:\d+$/);
    await expect(fetch(running.url.replace('127.0.0.2', '127.0.0.1'))).rejects.toThrow();
    const api = new ApiClient(running.url);
    const creator = await register(api, 'creator');
    await becomeCreator(creator, 'Lensa');
    const eventId = await createEvent(creator, 'City Run', 'public');
    const [file = ''] = await samplePhotoFiles();
    const [upload] = await uploadPhotos(creator, [file], eventId, 50_000);
    const { text } = z
      .object({ items: z.array(z.object({ text: z.string() })).min(1) })
      .transform(({ items: [mail] }) => mail ?? { text: '' })
      .parse(await (await fetch(`${running.url}/dev/mail.json`)).json());
    expect(text).toContain(`${running.url}/confirm`);
    const buyer = await register(api, 'buyer');
    const params = { path: { photoId: upload?.photoId ?? '' } };
    const view = () => answerOf(buyer.rest.GET('/v1/photos/{photoId}', { params }));
    await expect.poll(() => view().catch(() => undefined), { timeout: 60_000 }).toBeDefined();
    const { previewUrl } = await view();
    expect(previewUrl?.startsWith(`${running.url}/`)).toBe(true);
    expect((await fetch(previewUrl ?? '')).status).toBe(200);
    await buyPhoto(buyer, upload?.photoId ?? '');
    await downloadOriginal(buyer, upload?.photoId ?? '');
  },
);

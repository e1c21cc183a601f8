import { ApiClient, asForm } from '@kilas/client/api-client.ts';
import { becomeCreator, giveConsent, register } from '@kilas/client/journey/people.ts';
import { createEvent, uploadPhotos } from '@kilas/client/journey/sell-photos.ts';
import { makeSelfie, samplePhotoFiles } from '@kilas/samples/photos.ts';
import { type ServiceProcesses, startProcesses } from '@kilas/testkit/start-processes.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';

let processes: ServiceProcesses;

beforeAll(async () => {
  processes = await startProcesses();
});

afterAll(() => processes?.stop());

test('with ai stopped photos go on sale, a selfie is asked to come again, and both work out when ai starts', async () => {
  await processes.end('ai', 'SIGKILL');
  const api = new ApiClient(processes.url);
  const creator = await register(api, 'creator');
  await becomeCreator(creator, 'Lensa');
  const eventId = await createEvent(creator, 'Night Run', 'matches');
  await uploadPhotos(creator, (await samplePhotoFiles()).slice(0, 3), eventId, 20_000);
  const states = async () => creator.list('/v1/creator/photos');
  await waitFor(async () => (await states()).filter(({ status }) => status === 'on_sale').length === 3, {
    what: 'three photos on sale without ai',
    timeoutMs: 30_000,
  });
  expect((await states()).map(({ recognition }) => recognition)).toEqual(['pending', 'pending', 'pending']);

  const member = await register(api, 'member');
  await giveConsent(member);
  const { bytes, name } = await makeSelfie();
  const enrol = async () => {
    const selfie = new File([new Uint8Array(bytes)], name);
    const { response } = await member.rest.POST('/v1/facecams', { body: { selfie }, bodySerializer: asForm });
    return response.status;
  };
  await expect(enrol()).rejects.toMatchObject({ status: 503 });

  await processes.start('ai');
  await waitFor(async () => (await states()).every(({ recognition }) => recognition === 'done'), {
    what: 'recognition after ai came back',
    timeoutMs: 90_000,
  });
  expect(await enrol()).toBe(201);
});

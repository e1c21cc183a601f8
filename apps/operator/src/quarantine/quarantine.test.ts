import { openHoldings as openAi } from '@kilas/ai/reconcile/open-holdings.ts';
import { openHoldings as openPhoto } from '@kilas/photo/reconcile/open-holdings.ts';
import { openDatabase } from '@kilas/platform/db/database.ts';
import { type Member, signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { openHoldings as openUpload } from '@kilas/upload/reconcile/open-holdings.ts';
import { sql } from 'kysely';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Parties } from '../reconcile/parties.ts';
import { listQuarantined, release } from './quarantine.ts';

const patience = { timeoutMs: 30_000 };
let system: TestSystem;
let creator: Member;
let parties: Pick<Parties, 'ai' | 'photo' | 'upload'>;
let close: () => Promise<void>;

beforeAll(async () => {
  system = await startSystem({ services: ['user', 'photo', 'upload', 'ai'] });
  creator = await signUpMember(system, { creator: true });
  const { databaseUrls } = system;
  const before = new Date();
  parties = {
    ai: await openAi({ databaseUrl: databaseUrls.ai, before }),
    photo: await openPhoto({ databaseUrl: databaseUrls.photo, before }),
    upload: await openUpload({ databaseUrl: databaseUrls.upload, before }),
  };
  close = async () => {
    for (const one of Object.values(parties)) await one.close();
    await system.close();
  };
});

afterAll(() => close?.());

async function send(red: number): Promise<string> {
  const picture = sharp({ create: { width: 320, height: 200, channels: 3, background: { r: red, g: 90, b: 90 } } });
  const form = new FormData();
  form.set('priceIdr', '5000');
  form.set('photo', new Blob([new Uint8Array(await picture.jpeg().toBuffer())]), 'a.jpg');
  const encoded = new Response(form);
  const headers = { ...creator.headers, 'content-type': encoded.headers.get('content-type') ?? '' };
  const payload = Buffer.from(await encoded.arrayBuffer());
  const answer = await system.app.inject({ method: 'POST', url: '/v1/uploads/photo', headers, payload });
  expect(answer.statusCode, answer.body).toBe(201);
  return answer.json().photoId;
}

async function becomes(photoId: string, state: { status: string; recognition: string }): Promise<void> {
  const read = async () => {
    const answer = await system.app.inject({ url: '/v1/creator/photos?limit=100', headers: creator.headers });
    const found = answer.json().items.find((item: { photoId: string }) => item.photoId === photoId);
    return found?.status === state.status && found.recognition === state.recognition;
  };
  await waitFor(read, { what: JSON.stringify(state), ...patience });
}

async function threeDeaths(service: 'ai' | 'upload', photoId: string): Promise<void> {
  const db = openDatabase<object>({ url: system.databaseUrls[service], poolSizeMax: 1, onTrouble: () => {} });
  await sql`insert into risky_work (thing, seen_at, death_count)
    values (${`photo/${photoId}`}, now() - interval '1 hour', 3)`.execute(db);
  await db.destroy();
}

test('an operator sees what is quarantined and lets it go: it is recognised, or goes on sale, as if nothing had been', async () => {
  await system.service('upload').hold();
  const [unseen, unmade] = [await send(10), await send(200)];
  await threeDeaths('ai', unseen);
  await threeDeaths('upload', unmade);
  await system.service('upload').work();
  await becomes(unseen, { status: 'on_sale', recognition: 'failed' });
  await becomes(unmade, { status: 'failed', recognition: 'pending' });
  const pictures = await listQuarantined(parties);
  expect(pictures.map(({ service, id, deaths }) => `${service} ${id} ${deaths}`).sort()).toEqual([
    `ai photo/${unseen} 3`,
    `upload photo/${unmade} 3`,
  ]);
  // Twice, as by an operator who was not sure.
  for (const picture of [...pictures, ...pictures]) await release(parties, picture);
  await becomes(unseen, { status: 'on_sale', recognition: 'done' });
  await becomes(unmade, { status: 'on_sale', recognition: 'done' });
  expect(await listQuarantined(parties)).toEqual([]);
});

import type { Member } from '@kilas/testkit/sign-up.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeImage } from '../testing/images.ts';
import { startUploads, type UploadSystem } from '../testing/start-uploads.ts';

let uploads: UploadSystem;
let creator: Member;
beforeAll(async () => {
  uploads = await startUploads({ isWorking: false });
  creator = await uploads.signUp({ creator: true });
});
afterAll(() => uploads?.close());

interface Answer {
  readonly status: number;
  /** What is stored, as the route that shows it says. */
  readonly text: string | null | undefined;
}

const inject = async (method: 'GET' | 'POST' | 'PATCH', url: string, payload?: object) => {
  const { headers } = creator;
  return uploads.system.app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
};

async function upload(field: string | undefined, value: string, fileName = 'IMG_1.png'): Promise<Answer> {
  const parts = field === undefined ? [] : [[field, value] as const];
  const bytes = await makeImage('png');
  const reply = await uploads.send('/v1/uploads/photo', creator.headers, [
    ['priceIdr', '1'],
    ...parts,
    ['photo', bytes, fileName],
  ]);
  if (reply.statusCode !== 201) return { status: reply.statusCode, text: undefined };
  const { photoId } = reply.json();
  const shown = (await inject('GET', `/v1/photos/${photoId}`)).json();
  return { status: 201, text: field === 'description' ? shown.description : shown.title };
}

async function change(field: 'title' | 'description', value: string): Promise<Answer> {
  const reply = await uploads.send('/v1/uploads/photo', creator.headers, [
    ['priceIdr', '1'],
    ['photo', await makeImage('png'), 'a.png'],
  ]);
  const { photoId } = reply.json();
  const { statusCode: status } = await inject('PATCH', `/v1/photos/${photoId}`, { [field]: value });
  if (status !== 204) return { status, text: undefined };
  return { status: 200, text: (await inject('GET', `/v1/photos/${photoId}`)).json()[field] };
}

async function createEvent(field: 'name' | 'place', value: string): Promise<Answer> {
  const times = { startsAt: '2026-05-01T00:00:00Z', endsAt: '2026-05-01T06:00:00Z', timeZone: 'Asia/Jakarta' };
  const reply = await inject('POST', '/v1/events', { name: 'Run', ...times, [field]: value });
  return { status: reply.statusCode, text: reply.json()[field] };
}

async function nameCreator(value: string): Promise<Answer> {
  const reply = await inject('POST', '/v1/me/creator', { displayName: value });
  return { status: reply.statusCode, text: reply.json().creator?.displayName };
}

type Door = readonly [
  door: string,
  lengthMax: number,
  blank: number | string | null,
  send: (text: string) => Promise<Answer>,
];

/** What a blank text is: refused with 400, or as good as none. */
const doors: Door[] = [
  ['the title of an upload', 100, 'IMG_1', (text) => upload('title', text)],
  ['the description of an upload', 500, '', (text) => upload('description', text)],
  ['a changed title', 100, 400, (text) => change('title', text)],
  ['a changed description', 500, '', (text) => change('description', text)],
  ['the name of an event', 120, 400, (text) => createEvent('name', text)],
  ['the place of an event', 200, null, (text) => createEvent('place', text)],
  ["a creator's name", 60, 400, nameCreator],
];

test.each(doors)(
  '%s is kept clean, is not blank or invisible, and is as long as people count',
  async (_door, lengthMax, blank, send) => {
    const dirty = `\u2067 Ge\u0301nie\u202e\u0007 "lari" 🏃\u200d♀️ ‏שלום‏\u0009\u0085`;
    const kept = await send(dirty);
    // Several lines keep their blanks.
    expect(kept.text?.replace(/\s+/g, ' ')).toBe('Génie "lari" 🏃\u200d♀️ ‏שלום‏');
    for (const nothing of ['   ', '\u200b\u200d\u2060', '\u3164', '\u2800\u00ad', '\u202e\u2066']) {
      const answer = await send(nothing);
      if (blank === 400) expect(answer.status, nothing).toBe(400);
      else expect(answer, nothing).toMatchObject({ text: blank });
    }
    expect(await send('🏁'.repeat(lengthMax))).toMatchObject({ text: '🏁'.repeat(lengthMax) });
    expect((await send('a'.repeat(lengthMax + 1))).status).toBe(400);
    // Letters that are composed when they are kept are counted so.
    expect(await send('e\u0301'.repeat(lengthMax))).toMatchObject({ text: 'é'.repeat(lengthMax) });
  },
);

test('a file without a name that anyone would see is a photo called Photo', async () => {
  for (const fileName of ['\u200b\u2060.png', ' .png', '\u202e.png', '']) {
    expect(await upload(undefined, '', fileName), fileName).toMatchObject({ text: 'Photo' });
  }
  expect(await upload(undefined, '', `${'🏁'.repeat(99)}🏃\u200d♀️.png`)).toMatchObject({
    text: `${'🏁'.repeat(99)}🏃`,
  });
});

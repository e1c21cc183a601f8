import { readFileSync } from 'node:fs';
import { createClient } from '@connectrpc/connect';
import { aiEnv } from '@kilas/ai/config.ts';
import { PhotoService } from '@kilas/contracts/gen/kilas/photo/v1/photo_service_pb.js';
import { photoEnv } from '@kilas/photo/config.ts';
import { newObjectKey } from '@kilas/platform/objects/file-objects.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { openMemorySharedState } from '@kilas/platform/shared/memory-shared-state.ts';
import type { RateLimitOptions, SharedState } from '@kilas/platform/shared/shared-state.ts';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import { query } from '@kilas/testkit/query.ts';
import { type Member, signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { transactionEnv } from '@kilas/transaction/config.ts';
import { uploadEnv } from '@kilas/upload/config.ts';
import { makePngBomb } from '@kilas/upload/testing/images.ts';
import { userEnv } from '@kilas/user/config.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeForm, type Parts } from './odd-values/people.ts';

const clock = drivenClock();
const hour = 3600;
const quarter = 15 * 60;

/** The limit under test: who first meets it has one attempt left of those that it allows. */
let nearlyUsedUp = '';
const opened = new Map<string, RateLimitOptions>();
let system: TestSystem;
let people: Record<'one' | 'other', Member>;
let third: Member;
/** Each to be invited to once. */
const events: string[] = [];

/** As in one process, with the attempts of one limit used up but for one. */
function openCountedState(): SharedState {
  const shared = openMemorySharedState();
  return {
    ...shared,
    rateLimit: (name, options) => {
      opened.set(name, options);
      const limit = shared.rateLimit(name, options);
      const taken = new Map<string, number>();
      const takeOne = (key: string) => {
        taken.set(key, (taken.get(key) ?? 0) + 1);
        return limit.takeCounted(key);
      };
      const takeCounted = async (key: string) => {
        while (name === nearlyUsedUp && (taken.get(key) ?? 0) < options.attempts - 1) await takeOne(key);
        return takeOne(key);
      };
      return { ...limit, takeCounted, take: async (key) => (await takeCounted(key)).waitSeconds };
    },
  };
}

beforeAll(async () => {
  const env = { PHOTOS_PER_HOUR_MAX: '7', SELFIES_PER_HOUR_MAX: '3', ORDER_PHOTOS_MAX: '3', PRICE_MAX_IDR: '777' };
  const facecams = { SELFIE_PIXELS_MAX: '10000', FACECAM_CHANGES_PER_MONTH_MAX: '2', BATCH_FILES_MAX: '2' };
  const services = ['user', 'photo', 'transaction', 'upload'] as const;
  system = await startSystem({ services, clock, shared: openCountedState(), env: { ...env, ...facecams } });
  const options = { creator: true, consent: true };
  people = { one: await signUpMember(system, options), other: await signUpMember(system, options) };
  third = await signUpMember(system, options);
  for (let count = 0; count < 3; count++) {
    const event = await send({ url: '/v1/events', payload: { name: 'Run', ...times }, by: third });
    events.push(event.json().eventId);
  }
  // Photo hears of creators by an event.
  const isKnown = async () => (await run('photo', 'select creator_id from creators')).length === 3;
  await waitFor(isKnown, { what: 'the creators to be known' });
});

afterAll(() => system?.close());

interface Request {
  readonly method?: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly payload?: object;
  readonly form?: Parts;
  readonly headers?: Readonly<Record<string, string>>;
  readonly by?: Member;
  readonly remoteAddress?: string;
}

async function send({ form, by, headers: own, ...request }: Request) {
  const body = form === undefined ? undefined : await encodeForm(form);
  const headers = {
    ...by?.headers,
    'idempotency-key': newId(),
    ...own,
    ...(body === undefined ? {} : { 'content-type': body.contentType }),
  };
  return system.app.inject({ method: 'POST', ...request, headers, ...(body && { payload: body.payload }) });
}

let addressCount = 0;
const address = () => `10.9.${Math.floor(++addressCount / 250)}.${addressCount % 250}`;
const name = () => `m_${newId().replaceAll('-', '').slice(-20)}`;
const times = { startsAt: '2026-05-01T00:00:00Z', endsAt: '2026-05-01T06:00:00Z', timeZone: 'Asia/Jakarta' };
const unknown = newId();
/** No picture: it is counted, and then refused for what it is. */
const rubbish = (field: string): Parts => [
  ...(field === 'photo' ? ([['priceIdr', '1']] as const) : []),
  [field, Buffer.from(newId())],
];

/** Of a file that comes in parts. */
const announced = {
  'tus-resumable': '1.0.0',
  'upload-length': '1000000',
  'upload-metadata': `priceIdr ${Buffer.from('1').toString('base64')}`,
};

const register = (from: string, email = `${name()}@kilas.test`): Request => {
  const payload = { email, username: name(), password: 'correct horse battery staple' };
  return { url: '/v1/auth/register', payload, remoteAddress: from };
};
const resend = (email: string, from: string): Request => ({
  url: '/v1/auth/resend-verification',
  payload: { email },
  remoteAddress: from,
});
const signIn = (login: string, from: string): Request => ({
  url: '/v1/auth/sign-in',
  payload: { login, password: 'not the password' },
  remoteAddress: from,
});
const [email, otherEmail] = [`${name()}@kilas.test`, `${name()}@kilas.test`];
const [login, otherLogin] = [name(), name()];
const [here, there] = [address(), address()];

/** To an event of a third, whose own attempts nobody used up. */
const invite = (creatorId: string): Request => ({
  url: `/v1/events/${events.shift()}/creators`,
  payload: { creatorId },
  by: third,
});

interface Limited {
  readonly attempts: number;
  readonly seconds: number;
  /** Ways to ask that count for the same key, each time another request. */
  readonly ways: readonly (() => Request)[];
  /** Requests that count for other keys. */
  readonly others: () => readonly Request[];
}

/** What one account may do so often in an hour. */
function perAccount(attempts: number, ...requests: readonly (() => Request)[]): Limited {
  return {
    attempts,
    seconds: hour,
    ways: requests.map((request) => () => ({ ...request(), by: people.one })),
    others: () => requests.slice(0, 1).map((request) => ({ ...request(), by: people.other })),
  };
}

const limits: Readonly<Record<string, Limited>> = {
  'user-registrations-by-address': {
    attempts: 200,
    seconds: hour,
    ways: [() => register(here)],
    others: () => [register(address())],
  },
  'user-mails-by-email-and-address': {
    attempts: 5,
    seconds: hour,
    ways: [() => resend(email, here), () => register(here, email)],
    others: () => [resend(email, address()), resend(`${name()}@kilas.test`, here)],
  },
  'user-mails-by-email': {
    attempts: 15,
    seconds: hour,
    ways: [() => resend(otherEmail, address()), () => register(address(), otherEmail)],
    others: () => [resend(`${name()}@kilas.test`, address())],
  },
  'user-sign-ins-by-address': {
    attempts: 300,
    seconds: quarter,
    ways: [() => signIn(name(), here)],
    others: () => [signIn(name(), address())],
  },
  'user-sign-ins-by-login-and-address': {
    attempts: 10,
    seconds: quarter,
    ways: [() => signIn(login, there)],
    others: () => [signIn(login, address()), signIn(name(), there)],
  },
  'user-sign-ins-by-login': {
    attempts: 30,
    seconds: quarter,
    ways: [() => signIn(otherLogin, address())],
    others: () => [signIn(name(), address())],
  },
  'user-consents-by-account': perAccount(20, () => ({
    method: 'PUT',
    url: '/v1/me/consent',
    payload: { version: 'of long ago' },
  })),
  'user-settings-changes-by-account': perAccount(120, () => ({
    method: 'PATCH',
    url: '/v1/me',
    payload: { locale: 'en' },
  })),
  'user-display-names-by-account': perAccount(20, () => ({ url: '/v1/me/creator', payload: { displayName: name() } })),
  'photo-events-by-creator': perAccount(100, () => ({ url: '/v1/events', payload: { name: 'Run', ...times } })),
  'photo-invitations-by-owner': perAccount(300, () => ({
    url: `/v1/events/${unknown}/creators`,
    payload: { creatorId: unknown },
  })),
  // Of an owner and the creator who is invited: of the event of whoever asks nobody knows the id before.
  'photo-invitations-by-pair': {
    attempts: 10,
    seconds: 24 * hour,
    ways: [() => invite(people.other.accountId)],
    others: () => [invite(people.one.accountId)],
  },
  'photo-moves-by-creator': perAccount(
    600,
    () => ({
      url: '/v1/creator/photos/move',
      payload: { photoIds: [unknown], eventId: null },
    }),
    () => ({ method: 'PATCH', url: `/v1/photos/${unknown}`, payload: { eventId: null } }),
  ),
  // Before the limit of all changes, which these count for as well.
  'photo-rereads-by-owner': perAccount(
    30,
    () => ({ method: 'PATCH', url: `/v1/events/${unknown}`, payload: { timeZone: 'Asia/Makassar' } }),
    () => ({ method: 'PATCH', url: `/v1/events/${unknown}`, payload: { endsAt: times.endsAt } }),
  ),
  'photo-changes-by-creator': perAccount(
    600,
    () => ({ method: 'PATCH', url: '/v1/creator/photos', payload: { photoIds: [unknown], hidden: true } }),
    () => ({ url: '/v1/creator/photos/delete', payload: { photoIds: [unknown] } }),
    () => ({ method: 'PATCH', url: `/v1/events/${unknown}`, payload: { name: 'Run' } }),
    () => ({ method: 'DELETE', url: `/v1/events/${unknown}` }),
  ),
  'photo-answers-by-member': perAccount(
    1_000,
    () => ({
      method: 'PUT',
      url: `/v1/photos/${unknown}/match`,
      payload: { answer: 'confirmed' },
    }),
    () => ({ method: 'DELETE', url: `/v1/photos/${unknown}/match` }),
  ),
  'transaction-previews-by-buyer': perAccount(600, () => ({
    url: '/v1/checkout/preview',
    payload: { photoIds: [unknown] },
  })),
  'transaction-orders-by-buyer': perAccount(120, () => ({
    url: '/v1/orders',
    payload: { lines: [{ photoId: unknown, priceIdr: 1 }], totalIdr: 1 },
  })),
  'transaction-archives-by-buyer': perAccount(240, () => ({
    url: '/v1/purchases/archives',
    payload: { photoIds: [unknown] },
  })),
  // As configured above.
  'upload-photos-by-creator': perAccount(7, () => ({ url: '/v1/uploads/photo', form: rubbish('photo') })),
  'upload-resumable-by-creator': perAccount(14, () => ({ url: '/v1/uploads/tus', headers: announced })),
  'upload-selfies-by-member': perAccount(3, () => ({ url: '/v1/facecams', form: rubbish('selfie') })),
  'upload-challenges-by-member': perAccount(3, () => ({ url: '/v1/facecams/challenges' })),
};

test('each limit that a service opens is met here, and a new one has to be added', () => {
  expect([...opened.keys()].sort()).toEqual(Object.keys(limits).sort());
});

test.each(Object.entries(limits))(
  '%s: the last attempt counts, the one after it is refused, and nobody else is',
  async (limit, limited) => {
    expect(opened.get(limit)).toEqual({ attempts: limited.attempts, windowSeconds: limited.seconds });
    nearlyUsedUp = limit;
    const [first] = limited.ways;
    const last = await send(first?.() ?? { url: '' });
    expect(last.statusCode, last.body).not.toBe(429);
    expect(last.statusCode).toBeLessThan(500);
    for (const way of limited.ways) {
      const beyond = await send(way());
      expect(beyond.statusCode, beyond.body).toBe(429);
      expect(beyond.json().code).toBe('TOO_MANY_REQUESTS');
      expect(Number(beyond.headers['retry-after'])).toBeGreaterThan(0);
      expect(Number(beyond.headers['retry-after'])).toBeLessThanOrEqual(limited.seconds);
    }
    for (const request of limited.others()) {
      const other = await send(request);
      expect(other.statusCode, other.body).not.toBe(429);
    }
  },
);

/** Settings that bound something: where the value and the one above it are tried, or what they size that nobody is refused for. */
const bounds: Readonly<Record<string, string>> = {
  DATABASE_POOL_MAX: 'connections; who finds none free waits',
  REQUEST_SECONDS_MAX: 'a whole request, which the HTTP server of Node.js then ends',
  BODY_IDLE_SECONDS_MAX: 'services/upload/src/uploads/slow-uploads.test.ts',
  AI_EXACT_SEARCH_MAX: 'with more faces an index proposes',
  AI_QUEUE_MAX: 'services/ai/src/photos/process-photo.test.ts',
  STRANGERS_PER_EVENT_MAX: 'packages/matching: what is shown by default',
  PHOTO_SIZE_MAX_BYTES: 'services/upload/src/uploads/upload-photo.test.ts',
  PHOTO_PIXELS_MAX: 'services/upload/src/images/judge-image.test.ts',
  DECODE_MEMORY_MAX_BYTES: 'services/upload/src/images/judge-image.test.ts',
  SELFIE_SIZE_MAX_BYTES: 'services/upload/src/facecams/facecams.test.ts',
  UPLOADS_AT_ONCE_MAX: 'services/upload/src/uploads/receive-photos.test.ts',
  BATCH_FILES_MAX: 'tests/limits.test.ts',
  PHOTOS_PER_HOUR_MAX: 'tests/limits.test.ts',
  PRICE_MAX_IDR: 'tests/limits.test.ts',
  SELFIE_PIXELS_MAX: 'tests/limits.test.ts',
  SELFIES_PER_HOUR_MAX: 'tests/limits.test.ts',
  FACECAM_CHANGES_PER_MONTH_MAX: 'tests/limits.test.ts',
  ORDER_PHOTOS_MAX: 'tests/limits.test.ts',
};

test('each setting that bounds something is tried above its value, or said to refuse nobody', () => {
  const settings = [userEnv, photoEnv, transactionEnv, uploadEnv, aiEnv].flatMap(({ shape }) => Object.keys(shape));
  const found = new Set(settings.filter((setting) => /_MAX\b|_MAX_/.test(setting)));
  expect([...found].sort()).toEqual(Object.keys(bounds).sort());
  for (const [setting, place] of Object.entries(bounds)) {
    if (place.endsWith('.test.ts')) expect(readFileSync(place, 'utf8')).toContain(setting);
  }
});

const buyer = () => signUpMember(system, { consent: true, creator: true });

const codeOf = async (request: Request) => {
  nearlyUsedUp = '';
  const reply = await send(request);
  const body = reply.body === '' ? {} : reply.json();
  return body.errors?.[0]?.code ?? body.code ?? reply.statusCode;
};

test('ORDER_PHOTOS_MAX photos are a basket, one more is none', async () => {
  const by = await buyer();
  const preview = (count: number) => ({
    url: '/v1/checkout/preview',
    payload: { photoIds: Array.from({ length: count }, newId) },
    by,
  });
  expect(await codeOf(preview(3))).toBe('PHOTO_NOT_FOUND');
  expect(await codeOf(preview(4))).toBe('FIELD_TOO_MANY');
});

test('PRICE_MAX_IDR is a price, a rupiah more is none', async () => {
  const by = await buyer();
  const form = (price: number): Request => ({
    url: '/v1/uploads/photo',
    form: [
      ['priceIdr', String(price)],
      ['photo', Buffer.from('no picture')],
    ],
    by,
  });
  expect(await codeOf(form(777))).toBe('NOT_AN_IMAGE');
  expect(await codeOf(form(778))).toBe('FIELD_TOO_BIG');
  const change = (priceIdr: number): Request => ({
    method: 'PATCH',
    url: `/v1/photos/${unknown}`,
    payload: { priceIdr },
    by,
  });
  expect(await codeOf(change(777))).toBe('PHOTO_NOT_FOUND');
  expect(await codeOf(change(778))).toBe('FIELD_TOO_BIG');
});

test('photo takes a photo of PRICE_MAX_IDR, and none that costs a rupiah more', async () => {
  const by = await buyer();
  expect(await registerPhoto(by, 777n)).toBeDefined();
  await expect(registerPhoto(by, 778n)).rejects.toThrow('PRICE_OUT_OF_RANGE');
});

test.each([
  ['cart', 200],
  ['wishlist', 5_000],
  ['favourites', 5_000],
] as const)('a %s holds %d photos and not one more, whatever the other lists hold', async (kind, max) => {
  const [by, photoIds] = [await buyer(), [] as string[]];
  const creator = await buyer();
  const event = await send({
    url: '/v1/events',
    payload: { name: 'Run', ...times, visibility: 'public' },
    by: creator,
  });
  for (let count = 0; count < 3; count++) photoIds.push(await registerPhoto(creator, 5n, event.json().eventId));
  await run(
    'photo',
    `update photos set status = 'on_sale', preview_key = 'p', thumbnail_key = 't', width = 1, height = 1`,
  );
  // A page of the others stands in every list but for the last place of this one.
  await run(
    'photo',
    `insert into photos (photo_id, creator_id, title, description, price_idr, sale, sha256, size_bytes, format, original_key, captured_at, uploaded_at)
      select gen_random_uuid(), '${creator.accountId}', '', '', 1, 'shared', 'a', 1, 'jpeg', 'k' || n || random(), now(), now()
      from generate_series(1, ${max - 1}) n;
    insert into collections (member_id, kind, photo_id, added_at)
      select '${by.accountId}', '${kind}', photo_id, now() from photos where creator_id = '${creator.accountId}' and event_id is null;`,
  );
  const put = (photoId: string, list: string = kind): Request => ({ method: 'PUT', url: `/v1/${list}/${photoId}`, by });
  const [one = '', other = '', third = ''] = photoIds;
  expect(await codeOf(put(one))).toBe(204);
  expect(await codeOf(put(other))).toBe('LIST_FULL');
  expect(await codeOf(put(third, kind === 'cart' ? 'wishlist' : 'cart'))).toBe(204);
});

test('a page holds a hundred, and a hundred and one are refused', async () => {
  const page = async (limit: number) => (await system.app.inject({ url: `/v1/events?limit=${limit}` })).statusCode;
  expect([await page(1), await page(100), await page(101), await page(0)]).toEqual([200, 200, 400, 400]);
});

test('BATCH_FILES_MAX files are looked at, one more is left out', async () => {
  const by = await buyer();
  const file = ['photo', Buffer.from('no picture')] as const;
  const reply = await send({ url: '/v1/uploads/photos', form: [['priceIdr', '1'], file, file, file], by });
  const codes = reply.json().items.map((item: { problem: { code: string } }) => item.problem.code);
  expect(codes).toEqual(['NOT_AN_IMAGE', 'NOT_AN_IMAGE', 'TOO_MANY_FILES']);
});

test('a selfie of SELFIE_PIXELS_MAX is handed to ai, which is away here, one of a row more is not', async () => {
  const by = await buyer();
  const selfie = (height: number): Request => ({
    url: '/v1/facecams',
    form: [['selfie', makePngBomb(100, height)]],
    by,
  });
  expect(await codeOf(selfie(100))).toBe('SERVICE_UNAVAILABLE');
  expect(await codeOf(selfie(101))).toBe('IMAGE_TOO_MANY_PIXELS');
});

test('after FACECAM_CHANGES_PER_MONTH_MAX enrolments in 30 days there is no other, until the first of them is 30 days old', async () => {
  const by = await buyer();
  const enrolled = (daysAgo: number) =>
    run(
      'upload',
      `insert into facecam_enrolments (facecam_id, member_id, enrolled_at)
        values ('${newId()}', '${by.accountId}', timestamptz '${clock.now().toISOString()}' - ${daysAgo} * interval '1 day')`,
    );
  const selfie: Request = { url: '/v1/facecams', form: rubbish('selfie'), by };
  await enrolled(30);
  await enrolled(1);
  expect(await codeOf(selfie)).toBe('NOT_AN_IMAGE');
  await enrolled(29.9);
  expect(await codeOf(selfie)).toBe('FACECAM_CHANGES_EXHAUSTED');
});

/** As upload registers a photo of this price. */
async function registerPhoto(by: Member, priceIdr: bigint, eventId?: string): Promise<string> {
  const photos = createClient(PhotoService, system.peersAs('upload')('photo'));
  const photoId = newId();
  const about = { title: 'Finish', sale: 'shared', sha256: 'a'.repeat(64), sizeBytes: 5n, format: 'jpeg' };
  const where = { creatorId: by.accountId, originalKey: newObjectKey(), ...(eventId === undefined ? {} : { eventId }) };
  await photos.registerPhoto({ photoId, priceIdr, ...where, ...about });
  return photoId;
}

async function run(service: 'photo' | 'upload', statements: string): Promise<unknown[]> {
  return query(system.databaseUrls[service], statements);
}

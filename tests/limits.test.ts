import { readFileSync } from 'node:fs';
import { aiEnv } from '@kilas/ai/config.ts';
import { photoEnv } from '@kilas/photo/config.ts';
import { newId } from '@kilas/platform/ids.ts';
import { openMemorySharedState } from '@kilas/platform/memory-shared-state.ts';
import type { RateLimitOptions, SharedState } from '@kilas/platform/shared-state.ts';
import { type Member, signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { transactionEnv } from '@kilas/transaction/config.ts';
import { uploadEnv } from '@kilas/upload/config.ts';
import { makePngBomb } from '@kilas/upload/testing/images.ts';
import { userEnv } from '@kilas/user/config.ts';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeForm, type Parts } from './odd-values/people.ts';

const hour = 3600;
const quarter = 15 * 60;

/** The limit under test: who first meets it has one attempt left of those that it allows. */
let nearlyUsedUp = '';
const opened = new Map<string, RateLimitOptions>();
let system: TestSystem;
let people: Record<'one' | 'other', Member>;

/** As in one process, with the attempts of one limit used up but for one. */
function openCountedState(): SharedState {
  const shared = openMemorySharedState();
  return {
    ...shared,
    rateLimit: (name, options) => {
      opened.set(name, options);
      const limit = shared.rateLimit(name, options);
      const taken = new Map<string, number>();
      const take = (key: string) => {
        taken.set(key, (taken.get(key) ?? 0) + 1);
        return limit.take(key);
      };
      return {
        ...limit,
        take: async (key) => {
          while (name === nearlyUsedUp && (taken.get(key) ?? 0) < options.attempts - 1) await take(key);
          return take(key);
        },
      };
    },
  };
}

beforeAll(async () => {
  const env = { PHOTOS_PER_HOUR_MAX: '7', SELFIES_PER_HOUR_MAX: '3', ORDER_PHOTOS_MAX: '3', PRICE_MAX_IDR: '777' };
  const facecams = { SELFIE_PIXELS_MAX: '10000', FACECAM_CHANGES_PER_MONTH_MAX: '2', BATCH_FILES_MAX: '2' };
  const services = ['user', 'photo', 'transaction', 'upload'] as const;
  system = await startSystem({ services, shared: openCountedState(), env: { ...env, ...facecams } });
  const options = { creator: true, consent: true };
  people = { one: await signUpMember(system, options), other: await signUpMember(system, options) };
});

afterAll(() => system?.close());

interface Request {
  readonly method?: 'POST' | 'PUT' | 'PATCH';
  readonly url: string;
  readonly payload?: object;
  readonly form?: Parts;
  readonly by?: Member;
  readonly remoteAddress?: string;
}

async function send({ form, by, ...request }: Request) {
  const body = form === undefined ? undefined : await encodeForm(form);
  const headers = {
    ...by?.headers,
    'idempotency-key': newId(),
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

const register = (from: string): Request => {
  const username = name();
  const payload = { email: `${username}@kilas.test`, username, password: 'correct horse battery staple' };
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

interface Limited {
  readonly attempts: number;
  readonly seconds: number;
  /** Each time a request that counts for the same key. */
  readonly again: () => Request;
  /** Requests that count for other keys. */
  readonly others: () => readonly Request[];
}

/** What one account may do so often in an hour. */
function perAccount(attempts: number, requestOf: (by: Member) => Request): Limited {
  const again = () => ({ ...requestOf(people.one), by: people.one });
  return { attempts, seconds: hour, again, others: () => [{ ...requestOf(people.other), by: people.other }] };
}

const limits: Readonly<Record<string, Limited>> = {
  'user-registrations-by-address': {
    attempts: 200,
    seconds: hour,
    again: () => register(here),
    others: () => [register(address())],
  },
  'user-mails-by-email-and-address': {
    attempts: 5,
    seconds: hour,
    again: () => resend(email, here),
    others: () => [resend(email, address()), resend(`${name()}@kilas.test`, here)],
  },
  'user-mails-by-email': {
    attempts: 15,
    seconds: hour,
    again: () => resend(otherEmail, address()),
    others: () => [resend(`${name()}@kilas.test`, address())],
  },
  'user-sign-ins-by-address': {
    attempts: 300,
    seconds: quarter,
    again: () => signIn(name(), here),
    others: () => [signIn(name(), address())],
  },
  'user-sign-ins-by-login-and-address': {
    attempts: 10,
    seconds: quarter,
    again: () => signIn(login, there),
    others: () => [signIn(login, address()), signIn(name(), there)],
  },
  'user-sign-ins-by-login': {
    attempts: 30,
    seconds: quarter,
    again: () => signIn(otherLogin, address()),
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
  'photo-moves-by-creator': perAccount(600, () => ({
    url: '/v1/creator/photos/move',
    payload: { photoIds: [unknown], eventId: null },
  })),
  'photo-answers-by-member': perAccount(1_000, () => ({
    method: 'PUT',
    url: `/v1/photos/${unknown}/match`,
    payload: { answer: 'confirmed' },
  })),
  'transaction-previews-by-buyer': perAccount(600, () => ({
    url: '/v1/checkout/preview',
    payload: { photoIds: [unknown] },
  })),
  'transaction-orders-by-buyer': perAccount(120, () => ({
    url: '/v1/orders',
    payload: { lines: [{ photoId: unknown, priceIdr: 1 }], totalIdr: 1 },
  })),
  // As configured above.
  'upload-photos-by-creator': perAccount(7, () => ({ url: '/v1/uploads/photo', form: rubbish('photo') })),
  'upload-selfies-by-member': perAccount(3, () => ({ url: '/v1/facecams', form: rubbish('selfie') })),
};

test('each limit that a service opens is met here, and a new one has to be added', () => {
  expect([...opened.keys()].sort()).toEqual(Object.keys(limits).sort());
});

test.each(Object.entries(limits))(
  '%s: the last attempt counts, the one after it is refused, and nobody else is',
  async (limit, limited) => {
    expect(opened.get(limit)).toEqual({ attempts: limited.attempts, windowSeconds: limited.seconds });
    nearlyUsedUp = limit;
    const last = await send(limited.again());
    expect(last.statusCode, last.body).not.toBe(429);
    expect(last.statusCode).toBeLessThan(500);
    const beyond = await send(limited.again());
    expect(beyond.statusCode, beyond.body).toBe(429);
    expect(beyond.json().code).toBe('TOO_MANY_REQUESTS');
    expect(Number(beyond.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(beyond.headers['retry-after'])).toBeLessThanOrEqual(limited.seconds);
    for (const request of limited.others()) {
      const other = await send(request);
      expect(other.statusCode, other.body).not.toBe(429);
    }
  },
);

/** Settings that bound something: where the value and the one beyond it are tried, or what they size that nobody is refused for. */
const bounds: Readonly<Record<string, string>> = {
  DATABASE_POOL_MAX: 'connections; who finds none free waits',
  AI_EXACT_SEARCH_MAX: 'faces, beyond which an index proposes',
  AI_QUEUE_MAX: 'services/ai/src/faces/process-photo.test.ts',
  STRANGERS_PER_EVENT_MAX: 'packages/matching: what is shown by default',
  PHOTO_SIZE_MAX_BYTES: 'services/upload/src/uploads/upload-photo.test.ts',
  PHOTO_PIXELS_MAX: 'services/upload/src/images/judge-image.test.ts',
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

test('each setting that bounds something is tried beyond its value, or said to refuse nobody', () => {
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
  const enrolled = async (daysAgo: number) => {
    const client = new pg.Client({ connectionString: system.databaseUrls.upload });
    await client.connect();
    await client.query(
      `insert into facecam_enrolments (facecam_id, member_id, enrolled_at) values ($1, $2, now() - $3 * interval '1 day')`,
      [newId(), by.accountId, daysAgo],
    );
    await client.end();
  };
  const selfie: Request = { url: '/v1/facecams', form: rubbish('selfie'), by };
  await enrolled(30);
  await enrolled(1);
  expect(await codeOf(selfie)).toBe('NOT_AN_IMAGE');
  await enrolled(29.9);
  expect(await codeOf(selfie)).toBe('FACECAM_CHANGES_EXHAUSTED');
});

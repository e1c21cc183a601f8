import { type Ask, NoAnswer, type Reply, type Transport } from './transport.ts';

const version = '1.0.0';
const path = '/v1/uploads/tus';
const partType = 'application/offset+octet-stream';

/** What became of an upload, as the server tells it. */
export interface Told {
  readonly uploadId: string;
  readonly state: 'receiving' | 'accepted' | 'processed' | 'failed' | 'duplicate' | 'refused' | 'gone';
  readonly offset?: number;
  readonly photoId?: string;
  /** Of a duplicate: what was not applied, in words. */
  readonly photo?: { readonly message: string };
  readonly problem?: { readonly code: string; readonly detail: string };
}

/** Who sends. */
export interface Bearer {
  /** Undefined when the session has ended. */
  token(): Promise<string | undefined>;
  renew(refused: string): Promise<string | undefined>;
  language(): string;
}

/** The server refused a request. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly retryAfterSeconds: number | undefined;

  constructor({ status, header, text }: Reply) {
    super(`refused with ${status}`);
    this.name = 'Refused';
    const { code, detail } = parse<{ code?: unknown; detail?: unknown }>(text) ?? {};
    this.status = status;
    this.code = typeof code === 'string' ? code : 'UNKNOWN';
    this.detail = typeof detail === 'string' ? detail : '';
    const seconds = Number(header('retry-after'));
    this.retryAfterSeconds = seconds > 0 ? seconds : undefined;
  }
}

/** The session has ended: nothing can be sent before somebody signs in. */
export class SignedOut extends Error {
  constructor() {
    super('signed out');
    this.name = 'SignedOut';
  }
}

export type Tus = ReturnType<typeof openTus>;

/** The requests of docs/uploads.md. Each throws Refused, SignedOut or NoAnswer. */
export function openTus(transport: Transport, bearer: Bearer) {
  async function ask(request: Ask): Promise<Reply> {
    const token = await known(bearer.token());
    const reply = await transport(signed(request, token));
    if (reply.status !== 401) return unlessRefused(reply);
    return unlessRefused(await transport(signed(request, await known(bearer.renew(token)))));
  }

  function signed(request: Ask, token: string): Ask {
    const headers = { ...request.headers, authorization: `Bearer ${token}`, 'accept-language': bearer.language() };
    return { ...request, headers };
  }

  return {
    /** Begins an upload, or learns what became of it. With `body` the whole file comes along. */
    async begin(
      upload: { uploadId: string; sizeBytes: number; metadata: Readonly<Record<string, string>>; body?: Blob },
      signal: AbortSignal,
      onSent?: (bytes: number) => void,
    ): Promise<{ offset: number; told?: Told }> {
      const { uploadId, sizeBytes, metadata, body } = upload;
      const reply = await ask({
        method: 'POST',
        path,
        headers: {
          'tus-resumable': version,
          'idempotency-key': uploadId,
          'upload-length': String(sizeBytes),
          'upload-metadata': writeMetadata(metadata),
          ...(body && { 'content-type': partType }),
        },
        signal,
        ...(body && { body }),
        ...(onSent && { onSent }),
      });
      return outcomeOf(reply);
    },

    async sendPart(
      part: { uploadId: string; offset: number; body: Blob; sha256Base64: string | undefined },
      signal: AbortSignal,
      onSent: (bytes: number) => void,
    ): Promise<{ offset: number; told?: Told }> {
      const reply = await ask({
        method: 'PATCH',
        path: `${path}/${part.uploadId}`,
        headers: {
          'tus-resumable': version,
          'upload-offset': String(part.offset),
          'content-type': partType,
          ...(part.sha256Base64 === undefined ? {} : { 'upload-checksum': `sha256 ${part.sha256Base64}` }),
        },
        body: part.body,
        signal,
        onSent,
      });
      return outcomeOf(reply);
    },

    async cancel(uploadId: string, signal: AbortSignal): Promise<void> {
      await ask({ method: 'DELETE', path: `${path}/${uploadId}`, headers: { 'tus-resumable': version }, signal });
    },

    /** Of 500 at most. */
    async status(uploadIds: readonly string[], signal: AbortSignal): Promise<readonly Told[]> {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ uploadIds });
      const reply = await ask({ method: 'POST', path: '/v1/uploads/status', headers, body, signal });
      return answerIn<{ items: readonly Told[] }>(reply).items;
    },

    /** Has the images of a photo made again. */
    async retryPhoto(photoId: string, signal: AbortSignal): Promise<void> {
      await ask({ method: 'POST', path: `/v1/uploads/${photoId}/retry`, headers: {}, signal });
    },
  };
}

/** A token that could not be asked for, as without a network, does not end the session. */
async function known(token: Promise<string | undefined>): Promise<string> {
  const answer = await token.catch((error: unknown) => {
    throw new NoAnswer(error);
  });
  if (answer === undefined) throw new SignedOut();
  return answer;
}

function outcomeOf(reply: Reply): { offset: number; told?: Told } {
  const told = parse<Told>(reply.text);
  return told?.state === undefined ? { offset: offsetOf(reply) } : { offset: told.offset ?? offsetOf(reply), told };
}

/** An answer without an offset did not come from the server. */
function offsetOf({ header }: Reply): number {
  const text = header('upload-offset');
  if (text === null || !/^\d+$/.test(text)) throw new NoAnswer();
  return Number(text);
}

function answerIn<Answer>({ text }: Reply): Answer {
  return parse<Answer>(text) ?? fail();
}

function fail(): never {
  throw new NoAnswer();
}

function unlessRefused(reply: Reply): Reply {
  if (reply.status >= 200 && reply.status < 300) return reply;
  throw new Refused(reply);
}

function parse<Answer>(text: string): Answer | undefined {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as Answer;
  } catch {
    return undefined;
  }
}

function writeMetadata(metadata: Readonly<Record<string, string>>): string {
  return Object.entries(metadata)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key} ${toBase64(new TextEncoder().encode(value))}`)
    .join(',');
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

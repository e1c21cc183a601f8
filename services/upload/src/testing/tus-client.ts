import { createHash } from 'node:crypto';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { z } from 'zod';
import { beginRequest, type SlowRequest } from './slow-request.ts';

const item = z.looseObject({
  uploadId: z.string(),
  state: z.string(),
  offset: z.number().optional(),
  photoId: z.string().optional(),
  problem: z.looseObject({ code: z.string(), detail: z.string() }).optional(),
});

export interface TusAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON of the body; undefined of none. */
  readonly json: Record<string, unknown> | undefined;
}

export interface TusClient {
  create(
    sizeBytes: number,
    metadata: Readonly<Record<string, string>>,
    body?: Buffer,
    more?: Record<string, string>,
  ): Promise<TusAnswer>;
  /** The address of a new upload. */
  begin(sizeBytes: number, metadata?: Readonly<Record<string, string>>): Promise<string>;
  patch(location: string, offset: number, body: Buffer, headers?: Record<string, string>): Promise<TusAnswer>;
  head(location: string): Promise<TusAnswer>;
  /** As HEAD says it. */
  offsetOf(location: string): Promise<number>;
  terminate(location: string): Promise<TusAnswer>;
  status(uploadIds: readonly string[], language?: string): Promise<z.output<typeof item>[]>;
}

export const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
export const uploadIdOf = (location: string) => location.slice(location.lastIndexOf('/') + 1);

export function metadataHeader(metadata: Readonly<Record<string, string>>): string {
  return Object.entries(metadata)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',');
}

/** Speaks tus 1.0 as a client would, over HTTP. */
export function tusClient(url: string, headers: Member['headers']): TusClient {
  const send = async (
    method: string,
    path: string,
    more: Record<string, string>,
    body?: Buffer,
  ): Promise<TusAnswer> => {
    const response = await fetch(new URL(path, url), {
      method,
      headers: { ...headers, 'tus-resumable': '1.0.0', ...more },
      ...(body === undefined ? {} : { body: new Uint8Array(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, json: text === '' ? undefined : JSON.parse(text) };
  };
  const partType = { 'content-type': 'application/offset+octet-stream' };
  const client: TusClient = {
    create: (sizeBytes, metadata, body, more = {}) => {
      const announced = { 'upload-length': String(sizeBytes), 'upload-metadata': metadataHeader(metadata) };
      return send('POST', '/v1/uploads/tus', { ...announced, ...(body === undefined ? {} : partType), ...more }, body);
    },
    begin: async (sizeBytes, metadata = { fileName: 'a.jpg', priceIdr: '1000' }) => {
      const { status, headers: answered, json } = await client.create(sizeBytes, metadata);
      if (status !== 201) throw new Error(`the upload was not begun: ${JSON.stringify(json)}`);
      return answered.get('location') ?? '';
    },
    patch: (location, offset, body, more = {}) =>
      send('PATCH', location, { ...partType, 'upload-offset': String(offset), ...more }, body),
    head: (location) => send('HEAD', location, {}),
    offsetOf: async (location) => Number((await client.head(location)).headers.get('upload-offset') ?? Number.NaN),
    terminate: (location) => send('DELETE', location, {}),
    status: async (uploadIds, language = 'en') => {
      const response = await fetch(new URL('/v1/uploads/status', url), {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', 'accept-language': language },
        body: JSON.stringify({ uploadIds }),
      });
      return z.object({ items: z.array(item) }).parse(await response.json()).items;
    },
  };
  return client;
}

/** Sends the headers of a part and the beginning of it, and nothing more. */
export function openPatch(
  url: string,
  headers: Member['headers'],
  part: { location: string; offset: number; sizeBytes: number; sent: Buffer; more?: readonly string[] },
): Promise<SlowRequest> {
  const head = [
    `PATCH ${part.location} HTTP/1.1`,
    'host: localhost',
    `authorization: ${headers.authorization}`,
    'tus-resumable: 1.0.0',
    'content-type: application/offset+octet-stream',
    `upload-offset: ${part.offset}`,
    `content-length: ${part.sizeBytes}`,
    ...(part.more ?? []),
  ];
  return beginRequest(url, head, part.sent);
}

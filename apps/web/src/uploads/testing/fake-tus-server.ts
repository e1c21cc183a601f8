import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** `before`: the connection breaks in the middle of the body; `after`: all was taken in, and the answer is lost. */
export type Cut = 'before' | 'after' | undefined;

interface Upload {
  readonly sizeBytes: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly chunks: Buffer[];
  offset: number;
  state: 'receiving' | 'accepted' | 'processed' | 'failed' | 'duplicate' | 'refused';
  photoId?: string;
  problem?: { code: string; detail: string };
}

export type FakeTusServer = Awaited<ReturnType<typeof startFakeTusServer>>;

/** Keeps to docs/uploads.md as the upload service does, and breaks connections when it is told to. */
export async function startFakeTusServer() {
  const uploads = new Map<string, Upload>();
  /** Photos by the hash of their file. */
  const photos = new Map<string, { photoId: string; sentCount: number; metadata: Upload['metadata'] }>();
  const plan = {
    cut: (_request: number): Cut => undefined,
    /** Of a file's bytes: why they make no photo. */
    damage: (_bytes: Buffer): { code: string; detail: string } | undefined => undefined,
    /** Of a photo whose images are made. */
    fate: (_photoId: string): 'processed' | 'failed' => 'processed',
    token: 'good',
    answer: undefined as { status: number; headers?: Record<string, string> } | undefined,
  };
  const seen = { requests: 0, bodyBytes: 0, tokens: [] as string[] };

  const server = createServer(
    (request, response) => void serve(request, response).catch(() => request.socket.destroy()),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? '';
    const token = request.headers.authorization ?? '';
    seen.tokens.push(token);
    if (token !== `Bearer ${plan.token}`) return refuse(response, 401, 'UNAUTHENTICATED', 'Sign in.');
    if (plan.answer !== undefined) {
      response.writeHead(plan.answer.status, plan.answer.headers).end('{}');
      return;
    }
    const cut = url.startsWith('/v1/uploads/tus') ? plan.cut(seen.requests++) : undefined;
    if (cut === 'before') {
      request.once('data', () => request.socket.destroy());
      request.once('end', () => request.socket.destroy());
      return;
    }
    const body = await read(request);
    seen.bodyBytes += body.length;
    if (url === '/v1/uploads/status')
      return send(response, 200, { items: statusOf(JSON.parse(body.toString()).uploadIds) });
    const retried = /^\/v1\/uploads\/([^/]+)\/retry$/.exec(url)?.[1];
    if (retried !== undefined) {
      for (const upload of uploads.values()) if (upload.photoId === retried) upload.state = 'accepted';
      return send(response, 200, { photoId: retried, status: 'raw' });
    }
    const answer =
      request.method === 'POST' ? begin(request, body) : goOn(request, url.slice('/v1/uploads/tus/'.length), body);
    if (cut === 'after') return void request.socket.destroy();
    answer(response);
  }

  function begin(request: IncomingMessage, body: Buffer) {
    const uploadId = String(request.headers['idempotency-key']);
    const known = uploads.get(uploadId);
    if (known !== undefined) return told(201, uploadId, known);
    const upload: Upload = {
      sizeBytes: Number(request.headers['upload-length']),
      metadata: metadataOf(String(request.headers['upload-metadata'])),
      chunks: [],
      offset: 0,
      state: 'receiving',
    };
    if (request.headers['content-type'] === 'application/offset+octet-stream') {
      take(upload, body);
      // A file that comes whole has no upload before its end.
      if (upload.state !== 'receiving') uploads.set(uploadId, upload);
      return told(201, uploadId, upload);
    }
    uploads.set(uploadId, upload);
    return (response: ServerResponse) =>
      void response.writeHead(201, { 'upload-offset': '0', location: uploadId }).end();
  }

  function goOn(request: IncomingMessage, uploadId: string, body: Buffer) {
    const upload = uploads.get(uploadId);
    if (upload === undefined)
      return (response: ServerResponse) => refuse(response, 404, 'UPLOAD_NOT_FOUND', 'No such upload.');
    if (request.method === 'DELETE') {
      uploads.delete(uploadId);
      return (response: ServerResponse) => void response.writeHead(204).end();
    }
    if (Number(request.headers['upload-offset']) !== upload.offset) {
      return (response: ServerResponse) => refuse(response, 409, 'UPLOAD_OFFSET_WRONG', 'Other bytes are wanted.');
    }
    const sum = String(request.headers['upload-checksum']).replace('sha256 ', '');
    if (createHash('sha256').update(body).digest('base64') !== sum) {
      return (response: ServerResponse) => refuse(response, 460, 'UPLOAD_CHECKSUM_WRONG', 'Damaged.');
    }
    take(upload, body);
    if (upload.state !== 'receiving') return told(200, uploadId, upload);
    return (response: ServerResponse) => void response.writeHead(204, { 'upload-offset': String(upload.offset) }).end();
  }

  function take(upload: Upload, body: Buffer): void {
    upload.chunks.push(body);
    upload.offset += body.length;
    if (upload.offset < upload.sizeBytes) return;
    const bytes = Buffer.concat(upload.chunks.splice(0));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const problem =
      sha256 === upload.metadata.sha256 ? plan.damage(bytes) : { code: 'FILE_CHECKSUM_WRONG', detail: 'Other bytes.' };
    if (problem !== undefined) {
      Object.assign(upload, { state: 'refused', problem });
      return;
    }
    const known = photos.get(sha256);
    if (known !== undefined) known.sentCount += 1;
    const photoId = known?.photoId ?? `photo-${photos.size + 1}`;
    if (known === undefined) photos.set(sha256, { photoId, sentCount: 1, metadata: upload.metadata });
    Object.assign(upload, { state: known === undefined ? 'accepted' : 'duplicate', photoId });
  }

  function statusOf(uploadIds: readonly string[]) {
    return uploadIds.map((uploadId) => {
      const upload = uploads.get(uploadId);
      if (upload === undefined) return { uploadId, state: 'gone' };
      if (upload.state === 'accepted') upload.state = plan.fate(upload.photoId ?? '');
      const problem = upload.state === 'failed' ? { code: 'PROCESSING_FAILED', detail: 'Try later.' } : upload.problem;
      return { ...itemOf(uploadId, upload), problem };
    });
  }

  return {
    address: `http://127.0.0.1:${port}`,
    photos,
    uploads,
    plan,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function told(status: number, uploadId: string, upload: Upload) {
  return (response: ServerResponse) => {
    response.setHeader('upload-offset', String(upload.offset));
    send(response, status, itemOf(uploadId, upload));
  };
}

function itemOf(uploadId: string, { state, offset, photoId, problem }: Upload) {
  return { uploadId, state, photoId, problem, ...(state === 'receiving' && { offset }) };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function refuse(response: ServerResponse, status: number, code: string, detail: string): void {
  send(response, status, { code, detail });
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function metadataOf(written: string): Record<string, string> {
  return Object.fromEntries(
    written.split(',').map((pair) => {
      const [key = '', value = ''] = pair.split(' ');
      return [key, Buffer.from(value, 'base64').toString()];
    }),
  );
}

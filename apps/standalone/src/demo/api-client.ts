import { z } from 'zod';

/** A reply that was not what a step expects; its message holds the problem document. */
export class ApiError extends Error {
  readonly status: number;
  constructor(method: string, path: string, status: number, body: string) {
    super(`${method} ${path} answered ${status}: ${body.slice(0, 500)}`);
    this.name = 'ApiError';
    this.status = status;
  }
}

type Body = { json?: unknown; form?: FormData; urlencoded?: Record<string, string>; headers?: Record<string, string> };

/** A client of the public REST API, as one person. */
export class ApiClient {
  readonly #url: string;
  readonly #token: string | undefined;

  constructor(url: string, token?: string) {
    this.#url = url;
    this.#token = token;
  }

  as(token: string): ApiClient {
    return new ApiClient(this.#url, token);
  }

  /** Sends and parses the JSON reply; throws ApiError for anything but 2xx. */
  async call<Schema extends z.ZodType>(
    method: string,
    path: string,
    reply: Schema,
    body: Body = {},
  ): Promise<z.output<Schema>> {
    const response = await this.send(method, path, body);
    const text = await response.text();
    return reply.parse(text === '' ? undefined : JSON.parse(text));
  }

  async send(method: string, path: string, body: Body = {}): Promise<Response> {
    const headers: Record<string, string> = { ...body.headers };
    if (this.#token !== undefined) headers.authorization = `Bearer ${this.#token}`;
    let payload: string | FormData | URLSearchParams | undefined = body.form;
    if (body.json !== undefined) {
      headers['content-type'] = 'application/json';
      payload = JSON.stringify(body.json);
    }
    if (body.urlencoded !== undefined) payload = new URLSearchParams(body.urlencoded);
    const address = path.startsWith('http') ? path : `${this.#url}${path}`;
    const response = await fetch(address, { method, headers, ...(payload === undefined ? {} : { body: payload }) });
    if (!response.ok) throw new ApiError(method, path.split('?')[0] ?? path, response.status, await response.text());
    return response;
  }

  /** The bytes behind a link. */
  async bytes(url: string): Promise<Buffer> {
    return Buffer.from(await (await this.send('GET', url)).arrayBuffer());
  }

  /** All items of a list, page after page. */
  async list<Schema extends z.ZodType>(path: string, item: Schema): Promise<z.output<Schema>[]> {
    const page = z.object({ items: z.array(item), nextCursor: z.string().nullable() });
    const items: z.output<Schema>[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query: string = `${path.includes('?') ? '&' : '?'}limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const next: z.output<typeof page> = await this.call('GET', `${path}${query}`, page);
      items.push(...next.items);
      cursor = next.nextCursor;
    }
    return items;
  }
}

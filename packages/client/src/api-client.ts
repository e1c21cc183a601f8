import { z } from 'zod';

/** A reply that was not what a step expects; its message holds the problem document. */
export class ApiError extends Error {
  /** Why the API refused, for a person; undefined when the fault is not theirs. */
  readonly refusal: string | undefined;
  /** Of the HTTP reply. */
  readonly status: number;

  constructor(method: string, path: string, status: number, body: string) {
    super(`${method} ${path} answered ${status}: ${body.slice(0, 500)}`);
    this.name = 'ApiError';
    this.status = status;
    this.refusal = status >= 400 && status < 500 ? problem.safeParse(parseJson(body)).data?.detail : undefined;
  }
}

const problem = z.object({ detail: z.string() });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface ClientOptions {
  readonly token?: string;
  /** The texts of the mails to an address; without it they are read from the outbox of the installation. */
  readonly readMails?: (email: string) => Promise<readonly string[]>;
  /** Breaks off the request that is under way, and every later one. */
  readonly stop?: AbortSignal;
}

type Body = { json?: unknown; form?: FormData; urlencoded?: Record<string, string>; headers?: Record<string, string> };

/** A client of the public REST API, as one person. */
export class ApiClient {
  readonly #url: string;
  readonly #options: ClientOptions;

  constructor(url: string, options: ClientOptions = {}) {
    this.#url = url;
    this.#options = options;
  }

  as(token: string): ApiClient {
    return new ApiClient(this.#url, { ...this.#options, token });
  }

  /** Undefined for a visitor. */
  get token(): string | undefined {
    return this.#options.token;
  }

  /** The texts of the mails to an address, where this client is told how to read them. */
  get readMails(): ClientOptions['readMails'] {
    return this.#options.readMails;
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
    const { token, stop: signal = null } = this.#options;
    let payload: string | FormData | URLSearchParams | undefined = body.form;
    if (body.json !== undefined) {
      headers['content-type'] = 'application/json';
      payload = JSON.stringify(body.json);
    }
    if (body.urlencoded !== undefined) payload = new URLSearchParams(body.urlencoded);
    const address = path.startsWith('http') ? path : `${this.#url}${path}`;
    // A link to a storage carries its own right, and a token would be given away there.
    if (token !== undefined && address.startsWith(`${this.#url}/`)) headers.authorization = `Bearer ${token}`;
    const response = await fetch(address, {
      method,
      headers,
      signal,
      ...(payload === undefined ? {} : { body: payload }),
    });
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

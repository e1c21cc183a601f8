import createClient, { type Client } from 'openapi-fetch';
import { z } from 'zod';
import type { paths } from './gen/api.ts';

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

type ListPath = {
  [Path in keyof paths]: paths[Path] extends { get: Listing<unknown> } ? Path : never;
}[keyof paths];

interface Listing<Item> {
  responses: { 200: { content: { 'application/json': { items: Item[]; nextCursor: string | null } } } };
}

/** An item of the list at a path, as the API describes it. */
export type ItemOf<Path extends ListPath> = paths[Path] extends { get: Listing<infer Item> } ? Item : never;

/** A client of the public REST API, as one person. */
export class ApiClient {
  /** Every route, typed by the OpenAPI document. Throws ApiError for anything but 2xx. */
  readonly rest: Client<paths>;
  readonly #url: string;
  readonly #options: ClientOptions;

  constructor(url: string, options: ClientOptions = {}) {
    this.#url = url;
    this.#options = options;
    this.rest = createClient<paths>({
      baseUrl: url,
      ...(options.token === undefined ? {} : { headers: { authorization: `Bearer ${options.token}` } }),
      ...(options.stop === undefined ? {} : { signal: options.stop }),
    });
    this.rest.use({ onResponse: ({ request, response }) => refuseUnlessOk(request.method, request.url, response) });
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

  /** Follows a link or a form that an answer holds: a picture, a payment page. Throws ApiError for anything but 2xx. */
  async follow(address: string, form?: Record<string, string>): Promise<Response> {
    const url = new URL(address, this.#url);
    const { token, stop: signal = null } = this.#options;
    // A link to a storage carries its own right, and a token would be given away there.
    const isOurs = url.href.startsWith(`${this.#url}/`);
    const method = form === undefined ? 'GET' : 'POST';
    const response = await fetch(url, {
      method,
      signal,
      headers: token !== undefined && isOurs ? { authorization: `Bearer ${token}` } : {},
      ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
    });
    await refuseUnlessOk(method, url.href, response);
    return response;
  }

  /** The bytes behind a link. */
  async bytes(url: string): Promise<Buffer> {
    return Buffer.from(await (await this.follow(url)).arrayBuffer());
  }

  /** All items of a list, page after page. */
  async list<Path extends ListPath>(path: Path, query: Record<string, string> = {}): Promise<ItemOf<Path>[]> {
    const items: ItemOf<Path>[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = new URLSearchParams({ ...query, limit: '100', ...(cursor === '' ? {} : { cursor }) });
      const response = await this.follow(`${path}?${page}`);
      // The path is one of lists, and the document says what they answer.
      const answer = (await response.json()) as { items: ItemOf<Path>[]; nextCursor: string | null };
      items.push(...answer.items);
      cursor = answer.nextCursor;
    }
    return items;
  }
}

/** What a route answered; ApiError has been thrown where it refused. */
export async function answerOf<Data>(answer: Promise<{ data?: Data }>): Promise<Data> {
  return (await answer).data as Data;
}

/** The `bodySerializer` of a route that takes a form with files. */
export function asForm(fields: Readonly<Record<string, string | Blob | readonly Blob[] | undefined>>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) form.append(name, one);
  }
  return form;
}

async function refuseUnlessOk(method: string, url: string, response: Response): Promise<void> {
  if (!response.ok) throw new ApiError(method, new URL(url).pathname, response.status, await response.text());
}

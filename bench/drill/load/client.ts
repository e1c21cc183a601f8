import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Recorder, Try } from '../record.ts';
import type { RouteName } from '../routes.ts';

/** A request that takes longer has failed, in milliseconds. */
export const requestTimeoutMs = 30_000;
/** The wait before the one retry where the reply names none, and the longest that a reply may ask for. */
const retryAfterMs = 1_000;
const retryAfterMaxMs = 5_000;

export interface Request {
  readonly route: RouteName;
  readonly method?: string;
  /** A path of the API, or a whole address. */
  readonly path: string;
  readonly token?: string;
  readonly json?: unknown;
  /** Made anew for each try. */
  readonly form?: () => FormData;
  readonly urlencoded?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** What counts as success; 200 without it. */
  readonly expect?: readonly number[];
}

export interface Answer {
  readonly status: number;
  readonly bytes: Buffer;
}

const problem = z.object({ code: z.string() });

/**
 * A client of the REST API over connections that are kept. A request that fails is tried once more, after what Retry-After
 * says; that one is recorded as the end of the first, never as a request of its own.
 */
export class Client {
  readonly #url: string;
  readonly #record: Recorder;
  #underWay = 0;

  constructor(url: string, record: Recorder) {
    this.#url = url;
    this.#record = record;
  }

  get underWay(): number {
    return this.#underWay;
  }

  /** Undefined when both tries failed. */
  async send(request: Request): Promise<Answer | undefined> {
    this.#underWay += 1;
    try {
      const startedAt = this.#record.now();
      const first = await this.#try(request);
      const entry: Try = {
        route: request.route,
        startedAt,
        endedAt: this.#record.now(),
        ...(first.failure === undefined ? {} : { failure: first.failure }),
        ...(first.requestId === undefined ? {} : { requestId: first.requestId }),
      };
      this.#record.add(entry);
      if (first.answer !== undefined) return first.answer;
      await delay(first.retryAfterMs ?? retryAfterMs);
      const second = await this.#try(request);
      entry.isMended = second.answer !== undefined;
      return second.answer;
    } finally {
      this.#underWay -= 1;
    }
  }

  /** As `send`, parsed. */
  async call<Schema extends z.ZodType>(request: Request, reply: Schema): Promise<z.output<Schema> | undefined> {
    const answer = await this.send(request);
    return answer === undefined ? undefined : reply.parse(JSON.parse(answer.bytes.toString()));
  }

  async #try(request: Request): Promise<{
    answer?: Answer;
    failure?: string;
    requestId?: string;
    retryAfterMs?: number;
  }> {
    try {
      const response = await fetch(request.path.startsWith('http') ? request.path : `${this.#url}${request.path}`, {
        method: request.method ?? 'GET',
        headers: headersOf(request),
        body: bodyOf(request),
        redirect: 'manual',
        signal: AbortSignal.timeout(requestTimeoutMs),
      });
      const bytes = Buffer.from(await response.arrayBuffer());
      const requestId = response.headers.get('x-request-id') ?? undefined;
      const named = requestId === undefined ? {} : { requestId };
      const { status } = response;
      if ((request.expect ?? [200]).includes(status)) return { answer: { status, bytes }, ...named };
      const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
      const wait = Number.isFinite(seconds) ? { retryAfterMs: Math.min(seconds * 1000, retryAfterMaxMs) } : {};
      return { failure: `${status} ${codeOf(bytes)}`.trim(), ...named, ...wait };
    } catch (error) {
      return { failure: describeError(error) };
    }
  }
}

function headersOf({ token, json, headers }: Request): Record<string, string> {
  return {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(json === undefined ? {} : { 'content-type': 'application/json' }),
    ...headers,
  };
}

function bodyOf({ json, form, urlencoded }: Request): string | FormData | URLSearchParams | null {
  if (json !== undefined) return JSON.stringify(json);
  if (form !== undefined) return form();
  return urlencoded === undefined ? null : new URLSearchParams(urlencoded);
}

function codeOf(bytes: Buffer): string {
  const text = bytes.toString('utf8', 0, 4_000);
  try {
    return problem.parse(JSON.parse(text)).code;
  } catch {
    return text.slice(0, 60).replaceAll(/\s+/g, ' ');
  }
}

/** How a connection ended, or that there was no answer in time. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause : error;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
  return `${code} ${cause.message.slice(0, 80)}`;
}

/** A refusal of the API. `detail` is written for people, in their language. */
export class ApiProblem extends Error {
  readonly status: number;
  /** Stable, e.g. `EVENT_NOT_FOUND`. */
  readonly code: string;
  readonly detail: string;
  /** What is wrong with each field, by its name; empty where it is not about fields. */
  readonly fields: ReadonlyMap<string, string>;
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** The problem document as it came: some refusals carry more, such as new prices. */
  readonly document: Readonly<Record<string, unknown>>;

  constructor(status: number, document: Readonly<Record<string, unknown>>, retryAfterSeconds: number | undefined) {
    super(`${status} ${String(document.code)}`);
    this.name = 'ApiProblem';
    this.status = status;
    this.code = typeof document.code === 'string' ? document.code : 'UNKNOWN';
    this.detail = typeof document.detail === 'string' ? document.detail : '';
    this.fields = fieldsOf(document.errors);
    this.requestId = typeof document.requestId === 'string' ? document.requestId : undefined;
    this.retryAfterSeconds = retryAfterSeconds;
    this.document = document;
  }
}

/** No answer came: the network or the installation is away. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('no answer', { cause });
    this.name = 'Unreachable';
  }
}

/** Whether a status says that the same request would be answered the same again. */
export function isFinal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 429;
}

/** Whether the API refused for good; other errors may pass by themselves. */
export function isRefusal(error: unknown): error is ApiProblem {
  return error instanceof ApiProblem && isFinal(error.status);
}

export function isProblem(error: unknown, code: string): error is ApiProblem {
  return error instanceof ApiProblem && error.code === code;
}

/** Why a field of a form was refused; undefined when it was not. */
export function fieldError(error: unknown, name: string): string | undefined {
  return error instanceof ApiProblem ? error.fields.get(name) : undefined;
}

/** Throws ApiProblem for anything but 2xx. */
export async function refuseUnlessOk(response: Response): Promise<Response> {
  if (response.ok) return response;
  const document: unknown = await response.json().catch(() => ({}));
  const retryAfter = Number(response.headers.get('retry-after'));
  const isObject = typeof document === 'object' && document !== null;
  throw new ApiProblem(
    response.status,
    isObject ? (document as Record<string, unknown>) : {},
    retryAfter > 0 ? retryAfter : undefined,
  );
}

function fieldsOf(errors: unknown): Map<string, string> {
  const fields = new Map<string, string>();
  if (!Array.isArray(errors)) return fields;
  for (const error of errors as { path?: unknown; message?: unknown }[]) {
    if (typeof error.path !== 'string' || typeof error.message !== 'string') continue;
    const name = error.path.split('/').filter(Boolean).at(0) ?? '';
    if (!fields.has(name)) fields.set(name, error.message);
  }
  return fields;
}

import { AsyncLocalStorage } from 'node:async_hooks';

/** What follows one request through services, jobs and events. */
export interface RequestContext {
  readonly requestId: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

export function withRequestContext<T>(context: RequestContext, run: () => T): T {
  return storage.run(context, run);
}

export function currentRequestId(): string | undefined {
  return storage.getStore()?.requestId;
}

/** A request id of a client is kept only in this form, so that nothing else reaches the logs. */
export function acceptRequestId(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w-]{8,64}$/.test(value) ? value : undefined;
}

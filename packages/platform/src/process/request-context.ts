import { AsyncLocalStorage } from 'node:async_hooks';

/** What follows one request through services, jobs and events. */
export interface RequestContext {
  readonly requestId: string;
  /** Aborts when whoever asked no longer waits. */
  readonly signal?: AbortSignal;
  /** Within a job: the priority that it has, and that those have which it sends. */
  readonly jobPriority?: number;
  /** When they stop waiting, on the clock of `performance.now()`. */
  readonly deadlineMs?: number;
}

const storage = new AsyncLocalStorage<RequestContext>();

export function withRequestContext<T>(context: RequestContext, run: () => T): T {
  return storage.run(context, run);
}

export function currentRequestId(): string | undefined {
  return storage.getStore()?.requestId;
}

export function currentJobPriority(): number | undefined {
  return storage.getStore()?.jobPriority;
}

export function currentSignal(): AbortSignal | undefined {
  return storage.getStore()?.signal;
}

/** The milliseconds that whoever asked still waits; undefined when they named no end. */
export function currentTimeLeftMs(): number | undefined {
  const deadlineMs = storage.getStore()?.deadlineMs;
  return deadlineMs === undefined ? undefined : deadlineMs - performance.now();
}

/** Runs within the current request, whose answer is waited for no longer than `timeoutMs`. */
export function withTimeLeft<T>(timeoutMs: number | undefined, run: () => T): T {
  const current = storage.getStore();
  if (current === undefined || timeoutMs === undefined) return run();
  return storage.run({ ...current, deadlineMs: performance.now() + timeoutMs }, run);
}

/** A request id of a client is kept only in this form, so that nothing else reaches the logs. */
export function acceptRequestId(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w-]{8,64}$/.test(value) ? value : undefined;
}

import { SpanKind } from '@opentelemetry/api';
import { errorTypeOf } from './error-type.ts';
import { histogram, jobSeconds, Reading, remembered } from './metrics.ts';
import { markFailed, tracer, withinSpan } from './spans.ts';
import { contextBelow } from './traceparent.ts';

/** How one run of a job ended: done, to be tried again, or failed for good. */
const outcomes = ['done', 'again', 'failed'] as const;

const times = histogram(
  'kilas_job_duration_seconds',
  'Runs of jobs, by their end: done, again (to be tried once more), failed (for good)',
  ['service', 'kind', 'outcome'],
  jobSeconds,
);

const counts = new Reading('kilas_jobs', 'Jobs in the database: waiting, delayed (not due yet), active, failed', [
  'kind',
  'state',
]);

const oldest = new Reading(
  'kilas_job_oldest_wait_seconds',
  'Since when the oldest job waits that is due or was tried',
  ['kind'],
);

export interface ObservedJob {
  readonly service: string;
  readonly kind: string;
  readonly id: string;
  readonly attempt: number;
  readonly isLastAttempt: boolean;
  /** That of whoever sent the job. */
  readonly traceparent: string | undefined;
}

/** Makes the series of a kind stand at 0, so that its first failure is an increase. */
export function announceJobs(service: string, kind: string): void {
  for (const outcome of outcomes) times.zero({ service, kind, outcome });
}

/** Counts a run that took so long. */
export function countRun(
  { service, kind }: { readonly service: string; readonly kind: string },
  outcome: (typeof outcomes)[number],
  seconds: number,
): void {
  times.observe({ service, kind, outcome }, seconds);
}

/** Runs a job as part of its sender's trace, so that one trace holds what a request set off, to the last job. */
export async function observeJob<T>(job: ObservedJob, run: () => Promise<T>): Promise<T> {
  const { service, kind } = job;
  const parent = contextBelow(job.traceparent);
  const attributes = {
    'messaging.system': 'pg-boss',
    'messaging.operation.type': 'process',
    'messaging.destination.name': kind,
    'messaging.message.id': job.id,
    'kilas.job.attempt': job.attempt,
  };
  const span = tracer.startSpan(`process ${kind}`, { kind: SpanKind.CONSUMER, attributes }, parent);
  const end = times.startTimer({ service, kind });
  try {
    const result = await withinSpan(parent, span, run);
    end({ outcome: 'done' });
    return result;
  } catch (error) {
    end({ outcome: job.isLastAttempt ? 'failed' : 'again' });
    markFailed(span, errorTypeOf(error));
    throw error;
  } finally {
    span.end();
  }
}

/** One queue as the database has it. */
export interface QueueState {
  readonly kind: string;
  readonly waiting: number;
  readonly delayed: number;
  readonly active: number;
  readonly failed: number;
  /** 0 when none waits. */
  readonly oldestWaitSeconds: number;
}

/** A scrape asks the database no more often. */
const askedEveryMs = 5_000;

/** Shows the queues of a service at each scrape; the function returned ends it. */
export function observeQueues(service: string, read: () => Promise<readonly QueueState[]>): () => void {
  const queues = remembered(askedEveryMs, read);
  const ends = [
    counts.from(service, async () =>
      (await queues()).flatMap(({ kind, waiting, delayed, active, failed }) =>
        Object.entries({ waiting, delayed, active, failed }).map(([state, value]) => ({
          labels: { kind, state },
          value,
        })),
      ),
    ),
    oldest.from(service, async () =>
      (await queues()).map(({ kind, oldestWaitSeconds }) => ({ labels: { kind }, value: oldestWaitSeconds })),
    ),
  ];
  return () => {
    for (const end of ends) end();
  };
}

import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** All that this process measures. Services that share a process are told apart by the label `service`. */
export const registry = new Registry();

/** How long a scrape waits for one reading; what did not answer by then is left out of it. */
const readMaxMs = 2_000;

/** Upper ends of the buckets of how long something took, in seconds. */
export const requestSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
export const jobSeconds = [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

export function histogram<Label extends string>(
  name: string,
  help: string,
  labelNames: readonly Label[],
  buckets: number[],
): Histogram<Label> {
  return new Histogram({ name, help, labelNames, buckets, registers: [registry] });
}

/** The values that each label may have: every series stands at 0 from the start, so that the first event is an increase. */
export type LabelValues<Label extends string> = Readonly<Record<Label, readonly string[]>>;

/** Counts upwards for as long as the process lives. */
export class Count<Label extends string> {
  readonly #counter: Counter<Label | 'service'>;
  readonly #service: string;
  readonly #values: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(service: string, name: string, help: string, values: LabelValues<Label>) {
    const labels = Object.entries<readonly string[]>(values);
    this.#service = service;
    this.#values = new Map(labels.map(([label, known]) => [label, new Set(known)]));
    this.#counter = new Counter({
      name,
      help,
      labelNames: ['service', ...labels.map(([label]) => label as Label)],
      registers: [registry],
    });
    for (const combination of combinationsOf(labels)) this.add(combination as Record<Label, string>, 0);
  }

  /** A value that was not announced is counted as `other`: a label must not grow without end. */
  add(labels: Readonly<Record<Label, string>>, by = 1): void {
    const bounded = Object.entries<string>(labels).map(([label, value]) => [
      label,
      this.#values.get(label)?.has(value) ? value : 'other',
    ]);
    this.#counter.inc({ service: this.#service, ...Object.fromEntries(bounded) }, by);
  }
}

function combinationsOf(labels: readonly (readonly [string, readonly string[]])[]): Record<string, string>[] {
  return labels.reduce<Record<string, string>[]>(
    (sofar, [label, values]) => sofar.flatMap((before) => values.map((value) => ({ ...before, [label]: value }))),
    [{}],
  );
}

/** A value that is known now and then, and absent until it is. */
export class Level {
  readonly #gauge: Gauge<'service'>;
  readonly #service: string;

  constructor(service: string, name: string, help: string) {
    this.#service = service;
    this.#gauge = new Gauge({ name, help, labelNames: ['service'], registers: [registry] });
  }

  set(value: number): void {
    this.#gauge.set({ service: this.#service }, value);
  }
}

const notes = new Set<() => void>();

/** Called at the begin of each scrape, before it asks anything: for what its own questions would change. The function returned ends it. */
export function noteFirst(note: () => void): () => void {
  notes.add(note);
  return () => {
    notes.delete(note);
  };
}

/** All that is measured, in Prometheus' text format. */
export async function scrape(): Promise<string> {
  for (const note of notes) note();
  return registry.metrics();
}

export interface Sample<Label extends string> {
  readonly labels: Readonly<Partial<Record<Label, string>>>;
  readonly value: number;
}

type Read<Label extends string> = () => readonly Sample<Label>[] | Promise<readonly Sample<Label>[]>;

/** What is read at the moment of a scrape. One gauge serves all services of the process. */
export class Reading<Label extends string> {
  readonly #sources = new Map<symbol, { service: string; read: Read<Label>; maxMs: number }>();

  constructor(name: string, help: string, labelNames: readonly Label[] = []) {
    const gauge = new Gauge<string>({
      name,
      help,
      labelNames: ['service', ...labelNames],
      registers: [registry],
      collect: async () => {
        const sources = [...this.#sources.values()];
        const read = await Promise.all(sources.map((source) => within(source.maxMs, source.read)));
        // Without a pause from here on: another scrape may be at the same gauge.
        gauge.reset();
        read.forEach((samples, index) => {
          const service = sources[index]?.service ?? '';
          for (const { labels, value } of samples ?? []) gauge.set({ ...labels, service }, value);
        });
      },
    });
  }

  /** Says where to look; the function returned ends it. A source that throws, or is late, is left out of the scrape. */
  from(service: string, read: Read<Label>, maxMs = readMaxMs): () => void {
    const key = Symbol(service);
    this.#sources.set(key, { service, read, maxMs });
    return () => {
      this.#sources.delete(key);
    };
  }
}

/** Undefined when the answer is late or an error. */
export async function within<T>(ms: number, read: () => T | Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  try {
    return await Promise.race([read(), late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Asks at most once in so many milliseconds, however often scrapes come, and never a second time while an answer is
 * outstanding. For what costs a query.
 */
export function remembered<T>(ms: number, read: () => Promise<T>): () => Promise<T> {
  let last: Promise<T> | undefined;
  let until = 0;
  return () => {
    if (last !== undefined && performance.now() < until) return last;
    until = Number.POSITIVE_INFINITY;
    last = read().finally(() => {
      until = performance.now() + ms;
    });
    return last;
  };
}

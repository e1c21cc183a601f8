import type { Readiness } from '../process/readiness.ts';
import type { Service } from '../service/service.ts';
import { Reading, remembered, within } from './metrics.ts';

const partUp = new Reading(
  'kilas_part_up',
  'Whether a part that the service stands on is there, as /readyz names them',
  ['part'],
);

/** A scrape asks the parts no more often. */
const askedEveryMs = 2_000;
/** Longer than a database takes to be given up by default, shorter than Prometheus waits for a scrape. */
const answerMaxMs = 7_000;

/** Shows at each scrape what the services stand on; the function returned ends it. */
export function observeParts(services: () => readonly Service[]): () => void {
  const ends = services().map(({ name }) => {
    // Looked up each time: a service may be opened anew.
    const parts = remembered(
      askedEveryMs,
      async () =>
        services()
          .find((service) => service.name === name)
          ?.ready() ?? {},
    );
    const read = async () => samplesOf(await within(answerMaxMs, parts));
    return partUp.from(name, read, answerMaxMs + 500);
  });
  return () => {
    for (const end of ends) end();
  };
}

function samplesOf(parts: Readiness | undefined) {
  // Whoever leaves us waiting is a database: all others are asked with limits of their own.
  const known = parts ?? { database: 'away' as const };
  return Object.entries(known).map(([part, state]) => ({ labels: { part }, value: state === 'ready' ? 1 : 0 }));
}

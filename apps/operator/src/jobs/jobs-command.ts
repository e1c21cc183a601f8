import { parseArgs } from 'node:util';
import { readingArguments } from '@kilas/cli/command-line.ts';
import { UserError } from '@kilas/cli/user-error.ts';
import { type ServiceName, serviceNames } from '@kilas/installation/service-names.ts';
import { envFilesOf, openTarget, targetOptions, targetUsage } from '@kilas/installation/target/open-target.ts';
import { openForReading } from '@kilas/platform/db/open-for-reading.ts';
import { z } from 'zod';

import { causeOf } from './cause.ts';
import { type Choice, FailedWork } from './failed-work.ts';

const usage = `npm run jobs -- list | retry | acknowledge [options]

Handles failed work that waits for a person: jobs that used up their tries, and events that a subscriber refuses. Kilas may serve
meanwhile.

  list              says what each was, how often and when it was last tried, and why; no person, no address. The last line is JSON
    retry             gives each job one more try, and tells held events at once
  acknowledge       says that a person has looked and the job will not be done; it is deleted a week later. It takes --kind or --id.
                    Events cannot be acknowledged: they must arrive, and the events behind them wait

${targetUsage}
  --service NAME    user, photo, transaction or upload (default: all)
  --kind NAME       jobs of this kind alone
  --id ID           this job alone; several times for several
  --help            this text
`;

const listedMax = 100;
const actions = ['list', 'retry', 'acknowledge'] as const;
type Action = (typeof actions)[number];

export async function jobsCommand(argv: readonly string[], stop: AbortSignal): Promise<void> {
  const options = readingArguments('npm run jobs', () => readOptions(argv));
  if (options.help) {
    process.stdout.write(usage);
    return;
  }
  const { action, services, choice } = options;
  const target = await openTarget(options);
  const total = { jobs: 0, events: 0 };
  try {
    for (const service of services) {
      stop.throwIfAborted();
      const db = openForReading(target.databaseUrls[service]);
      try {
        const { jobs, events } = await actOn(action, service, new FailedWork(db), choice);
        total.jobs += jobs;
        total.events += events;
      } finally {
        await db.destroy();
      }
    }
  } finally {
    await target.close();
  }
  const done = { list: 'failed', retry: 'tried again', acknowledge: 'acknowledged' }[action];
  process.stdout.write(`${total.jobs} jobs ${done}, ${total.events} events ${action === 'retry' ? done : 'held'}\n`);
  process.stdout.write(`${JSON.stringify({ action, ...total })}\n`);
}

async function actOn(
  action: Action,
  service: ServiceName,
  work: FailedWork,
  choice: Choice,
): Promise<{ jobs: number; events: number }> {
  const [hasJobs, hasOutbox] = [await work.hasJobs(), await work.hasOutbox()];
  const isOfJobs = choice.kind !== undefined || choice.ids !== undefined;
  if (action === 'list') {
    if (hasJobs)
      for (const job of await work.listJobs(choice, listedMax)) process.stdout.write(`${jobLine(service, job)}\n`);
    const events = hasOutbox && !isOfJobs;
    if (events)
      for (const event of await work.listEvents(listedMax)) process.stdout.write(`${eventLine(service, event)}\n`);
    return { jobs: hasJobs ? await work.countJobs(choice) : 0, events: events ? await work.countEvents() : 0 };
  }
  if (action === 'acknowledge') return { jobs: hasJobs ? await work.acknowledgeJobs(choice) : 0, events: 0 };
  return {
    jobs: hasJobs ? await work.retryJobs(choice) : 0,
    events: hasOutbox && !isOfJobs ? await work.retryEvents() : 0,
  };
}

type Job = Awaited<ReturnType<FailedWork['listJobs']>>[number];
type Held = Awaited<ReturnType<FailedWork['listEvents']>>[number];

function jobLine(service: string, { id, kind, tries, failedAt, isWhole, output }: Job): string {
  const lost = isWhole ? '' : '; its data were personal and are gone, so acknowledge it';
  return `${service} job ${kind} ${id}: ${tries} tries, failed ${failedAt.toISOString()}: ${causeOf(output)}${lost}`;
}

function eventLine(service: string, { eventId, subscriber, type, cause, tries, heldSince, waiting }: Held): string {
  return `${service} event ${type} ${eventId} for ${subscriber}: ${tries} tries since ${heldSince.toISOString()}: ${cause}; ${waiting} wait for it`;
}

function readOptions(argv: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      ...targetOptions,
      service: { type: 'string' },
      kind: { type: 'string' },
      id: { type: 'string', multiple: true },
      help: { type: 'boolean', default: false },
    },
  });
  const [name, ...others] = positionals;
  const choice = { kind: values.kind, ids: values.id };
  const env = values.help ? [] : envFilesOf('npm run jobs', values.env, others);
  const action = actions.find((each) => each === name) ?? 'list';
  if (values.help) return { ...values, action, services: [], choice, env };
  if (action !== name) throw new UserError(`Say what to do: npm run jobs -- ${actions.join(' | ')}.`);
  if (action === 'acknowledge' && values.kind === undefined && values.id === undefined) {
    throw new UserError('acknowledge takes --kind or --id: nobody has looked at everything.');
  }
  for (const id of values.id ?? []) {
    if (!z.uuid().safeParse(id).success) throw new UserError(`"${id}" is no id of a job: list shows them.`);
  }
  return { ...values, action, services: readServices(values.service), choice, env };
}

/** ai keeps no queue and publishes nothing. */
function readServices(name: string | undefined): readonly ServiceName[] {
  const known = serviceNames.filter((service) => service !== 'ai');
  if (name === undefined) return known;
  const service = known.find((each) => each === name);
  if (service === undefined)
    throw new UserError(`There is no queue of "${name}": --service takes ${known.join(', ')}.`);
  return [service];
}

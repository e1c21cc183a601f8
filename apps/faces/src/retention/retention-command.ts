import { openTarget, readTargetOptions, targetUsage } from '@kilas/installation/target/open-target.ts';
import { openDatabase } from '@kilas/platform/db/database.ts';
import { listRetentions, type RetentionClock } from './list-retentions.ts';

const usage = `npm run faces -- retention [options]

Lists for each event until when its faces are kept, how many are stored, how many were erased when their time had come, and when
the erased ones could not be found any more and were physically gone. Ends with 1 when something is overdue by more than a day, or
when a search still found erased faces; the last line is JSON.

${targetUsage}
  --help            this text
`;

const overdueMaxSeconds = 86_400;

export async function retentionCommand(argv: readonly string[]): Promise<void> {
  const options = readTargetOptions('npm run faces -- retention', argv, {});
  if (options.help) return void process.stdout.write(usage);
  const target = await openTarget(options);
  try {
    const db = openDatabase<object>({
      url: target.databaseUrls.ai,
      poolSizeMax: 1,
      statementTimeoutMs: 0,
      onTrouble: () => {},
    });
    const clocks = await listRetentions(db, new Date()).finally(() => db.destroy());
    print(clocks);
  } finally {
    await target.close();
  }
}

function print(clocks: readonly RetentionClock[]): void {
  const timeOf = (at: Date | null) => (at === null ? '-' : `${at.toISOString().slice(0, 16)}Z`).padEnd(18);
  process.stdout.write(
    `${'event'.padEnd(37)}${'faces until'.padEnd(18)}${'stand'.padStart(8)}${'erased'.padStart(8)}  ${'unsearchable'.padEnd(18)}${'gone'.padEnd(18)}\n`,
  );
  for (const clock of clocks) {
    const { eventId, facesUntil, faces, erased, unsearchableAt, goneAt, survivors, overdueSeconds } = clock;
    const counts = `${String(faces).padStart(8)}${String(erased).padStart(8)}`;
    const late = overdueSeconds > 0 ? `  overdue by ${Math.round(overdueSeconds / 3600)} h` : '';
    const found = survivors > 0 ? `  ${survivors} STILL FOUND` : '';
    process.stdout.write(
      `${(eventId ?? 'photos without an event').padEnd(37)}${timeOf(facesUntil)}${counts}  ${timeOf(unsearchableAt)}${timeOf(goneAt)}${late}${found}\n`,
    );
  }
  const overdueSeconds = Math.max(0, ...clocks.map((clock) => clock.overdueSeconds));
  const total = (count: (clock: RetentionClock) => number) => clocks.reduce((sum, clock) => sum + count(clock), 0);
  const survivors = total((clock) => clock.survivors);
  const summary = { events: clocks.length, faces: total(({ faces }) => faces), erased: total(({ erased }) => erased) };
  process.stdout.write(`${JSON.stringify({ ...summary, overdueSeconds: Math.round(overdueSeconds), survivors })}\n`);
  if (overdueSeconds > overdueMaxSeconds || survivors > 0) process.exitCode = 1;
}

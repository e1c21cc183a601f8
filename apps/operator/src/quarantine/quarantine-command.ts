import { UserError } from '@kilas/cli/user-error.ts';
import { openTarget, readTargetOptions, targetUsage } from '@kilas/installation/target/open-target.ts';
import { withParties } from '../reconcile/parties.ts';
import { listQuarantined, type QuarantinedPicture, release } from './quarantine.ts';

const usage = `npm run quarantine -- [options]

Lists the pictures that killed processes and are not tried any more, and lets them go. Kilas may serve meanwhile.
The last line is JSON. See docs/runbooks/alerts/pictures-quarantined.md.

${targetUsage}
    --release THING   tries this picture again, named as in the list ("photo/0197…"); "all" for all of them
  --help            this text
`;

export async function quarantineCommand(argv: readonly string[]): Promise<void> {
  const options = readTargetOptions('npm run quarantine', argv, { release: { type: 'string' } });
  if (options.help) {
    process.stdout.write(usage);
    return;
  }
  const target = await openTarget(options);
  try {
    await withParties(target, new Date(), async (parties) => {
      const pictures = await listQuarantined(parties);
      const released = chosen(pictures, options.release);
      for (const picture of released) await release(parties, picture);
      for (const picture of pictures) process.stdout.write(`${lineOf(picture, released.includes(picture))}\n`);
      const left = pictures.length - released.length;
      process.stdout.write(`${JSON.stringify({ quarantined: left, released: released.length })}\n`);
    });
  } finally {
    await target.close();
  }
}

function chosen(pictures: readonly QuarantinedPicture[], wanted: string | undefined): readonly QuarantinedPicture[] {
  if (wanted === undefined) return [];
  if (wanted === 'all') return pictures;
  const found = pictures.filter(({ id }) => id === wanted);
  if (found.length === 0) throw new UserError(`"${wanted}" is not quarantined: --release takes a name from the list.`);
  return found;
}

function lineOf({ service, id, deaths, since }: QuarantinedPicture, isReleased: boolean): string {
  const what = `${since.toISOString()}  ${service.padEnd(6)}  ${deaths} deaths  ${id}`;
  return isReleased ? `${what}  (let go)` : what;
}

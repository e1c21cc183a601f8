import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { isErrno } from '@kilas/embedded/is-errno.ts';
import { readingArguments } from '@kilas/standalone/command-line.ts';
import { systemReason, UserError } from '@kilas/standalone/user-error.ts';
import { newSecrets } from './new-secrets.ts';

const usage = `Usage: npm run secrets -- --public-url URL [--to FILE]

Makes the secrets of an installation on containers and writes them, with its public address, to deploy/.env or to FILE,
readable by you alone. Nothing is ever overwritten: whoever loses these secrets loses the databases' passwords.
`;

export async function secretsCommand(argv: readonly string[]): Promise<void> {
  const { values } = readingArguments('npm run secrets', () =>
    parseArgs({
      args: [...argv],
      options: { 'public-url': { type: 'string' }, to: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    }),
  );
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const publicUrl = values['public-url'];
  if (publicUrl === undefined || !/^https?:\/\/[^/]+$/.test(publicUrl)) {
    throw new UserError(
      'Name the address at which people reach Kilas, without a path: --public-url https://photos.example',
    );
  }
  const file = values.to ?? path.join('deploy', '.env');
  try {
    await writeFile(file, newSecrets(publicUrl), { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    const reason = isErrno(error, 'EEXIST') ? undefined : systemReason(error);
    if (reason !== undefined)
      throw new UserError(`${file} cannot be written (${reason}): name another file with --to.`);
    if (!isErrno(error, 'EEXIST')) throw error;
    throw new UserError(
      `${file} is there already and is left as it is: move it away first, or name another with --to.`,
    );
  }
  process.stdout.write(`Wrote ${file}. Keep a copy where the backups are not.\n`);
}

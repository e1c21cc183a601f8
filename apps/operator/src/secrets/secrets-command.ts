import { appendFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs, parseEnv } from 'node:util';
import { readingArguments } from '@kilas/cli/command-line.ts';
import { systemReason, UserError } from '@kilas/cli/user-error.ts';
import { newSecrets } from '@kilas/installation/new-secrets.ts';
import { isErrno } from '@kilas/platform/problems/is-errno.ts';

const usage = `Usage: npm run secrets -- --public-url URL [--to FILE]
       npm run secrets -- --add [--to FILE]

Makes the secrets of an installation on containers and writes them, with its public address, to deploy/.env or to FILE,
readable by you alone. Nothing is ever overwritten: whoever loses these secrets loses the databases' passwords.
--add writes the secrets that a new version of Kilas needs, and that are not in the file yet, to its end.
`;

export async function secretsCommand(argv: readonly string[]): Promise<void> {
  const { values } = readingArguments('npm run secrets', () =>
    parseArgs({
      args: [...argv],
      options: {
        'public-url': { type: 'string' },
        add: { type: 'boolean', default: false },
        to: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }),
  );
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const file = values.to ?? path.join('deploy', '.env');
  if (values.add) return addMissing(file);
  const publicUrl = values['public-url'];
  if (publicUrl === undefined || !/^https?:\/\/[^/]+$/.test(publicUrl)) {
    throw new UserError(
      'Name the address at which people reach Kilas, without a path: --public-url https://photos.example',
    );
  }
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

async function addMissing(file: string): Promise<void> {
  const known = parseEnv(await readText(file));
  const { PUBLIC_URL: publicUrl = '' } = known;
  if (publicUrl === '')
    throw new UserError(`${file} names no PUBLIC_URL: --add goes with a file that npm run secrets wrote.`);
  const missing = newSecrets(publicUrl)
    .split('\n')
    .filter((line) => line !== '' && !(line.slice(0, line.indexOf('=')) in known));
  const names = missing.map((line) => line.slice(0, line.indexOf('=')));
  // A new key fits neither its other half nor the faces that were turned with the old one.
  const lost = names.filter((name) => /_(PUBLIC|PRIVATE)_KEYS?$|^FACES_SECRET$/.test(name));
  if (lost.length > 0) {
    throw new UserError(
      `${file} has lost ${lost.join(', ')}: take ${lost.length === 1 ? 'it' : 'them'} from your copy.`,
    );
  }
  if (missing.length > 0) await appendFile(file, `${missing.join('\n')}\n`, { flush: true });
  process.stdout.write(missing.length === 0 ? 'Nothing is missing.\n' : `Added to ${file}: ${names.join(', ')}.\n`);
}

async function readText(file: string): Promise<string> {
  try {
    const text = await readFile(file, 'utf8');
    if (text !== '' && !text.endsWith('\n')) await appendFile(file, '\n');
    return text;
  } catch (error) {
    throw new UserError(`${file} cannot be read (${systemReason(error)}): --add goes with a file that is there.`);
  }
}

import { parseArgs } from 'node:util';
import { readingArguments, readPath } from '@kilas/cli/command-line.ts';
import { UserError } from '@kilas/cli/user-error.ts';
import { readMonitorPassword, readPasswords, writePasswordFile } from '@kilas/installation/provision/passwords.ts';
import { linesOf, provision } from '@kilas/installation/provision/provision.ts';
import { type ServiceName, serviceNames } from '@kilas/installation/service-names.ts';

const usage = `npm run provision -- [options]

Makes the databases of the services on a PostgreSQL server (17 or newer), and for each of them a role that owns its tables and
a role that the service runs as. You may run it again: it does not touch what is already right.

  --url URL         postgres:// of a superuser, as PROVISION_URL
  --passwords FILE  keeps the roles' passwords and the services' DATABASE_URL and DATABASE_OWNER_URL (readable by you
                    alone); passwords that neither it nor the environment (USER_DATABASE_PASSWORD,
                    USER_DATABASE_OWNER_PASSWORD, …) names are made
                    MONITOR_DATABASE_PASSWORD in the environment makes kilas_monitor as well: a role for an exporter, which reads
                    the server's statistics and no table
    --services NAMES  some of user,photo,transaction,ai,upload: if their databases are on several servers
  --help            this text
`;

export async function provisionCommand(args: readonly string[]): Promise<void> {
  const {
    help,
    url,
    passwords: file,
    services: names,
  } = readingArguments('npm run provision', () => readOptions(args));
  if (help) return void process.stdout.write(usage);
  const adminUrl = url ?? process.env.PROVISION_URL;
  if (adminUrl === undefined || !URL.canParse(adminUrl) || !/^postgres(ql)?:$/.test(new URL(adminUrl).protocol)) {
    throw new UserError('Name the server with PROVISION_URL or --url: postgres://account:password@host:5432/postgres.');
  }
  const services = names === undefined ? serviceNames : names.split(',').map(readService);
  const passwordFile = file === undefined ? undefined : readPath(file);
  const passwords = await readPasswords(services, process.env, passwordFile);
  if (passwordFile !== undefined) {
    // Before the roles are made: a password that is lost could never be read again.
    const lines = services.map((service) => linesOf(adminUrl, service, passwords));
    await writePasswordFile(passwordFile, Object.assign({}, ...lines));
  }
  const monitorPassword = readMonitorPassword(process.env);
  let changes = 0;
  await provision({
    adminUrl,
    services,
    passwords,
    ...(monitorPassword === undefined ? {} : { monitorPassword }),
    onChange: (line) => {
      changes += 1;
      print(line);
    },
  });
  print(changes === 0 ? 'Everything was as it should be.' : 'Done.');
  if (passwordFile !== undefined) print(`Passwords and addresses are in ${passwordFile}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function readService(name: string): ServiceName {
  const service = serviceNames.find((known) => known === name.trim());
  if (service === undefined)
    throw new UserError(`"${name}" is not a service: --services takes ${serviceNames.join(', ')}.`);
  return service;
}

function readOptions(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: { type: 'string' },
      passwords: { type: 'string' },
      services: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  return values;
}

import { listenForStop } from '@kilas/cli/stop-signal.ts';
import { runCommand, UserError } from '@kilas/cli/user-error.ts';

type Command = (args: readonly string[], stop: AbortSignal) => Promise<void>;

const commands: ReadonlyMap<string, { about: string; load: () => Promise<Command> }> = new Map([
  [
    'secrets',
    {
      about: 'makes the secrets of an installation on containers',
      load: async () => (await import('./secrets/secrets-command.ts')).secretsCommand,
    },
  ],
  [
    'provision',
    {
      about: 'makes databases and roles',
      load: async () => (await import('./provision/provision-command.ts')).provisionCommand,
    },
  ],
  [
    'backup',
    {
      about: 'backs an installation up',
      load: async () => (await import('./backup/backup-command.ts')).backupCommand,
    },
  ],
  [
    'restore',
    {
      about: 'restores a backup',
      load: async () => (await import('./restore/restore-command.ts')).restoreCommand,
    },
  ],
  [
    'reconcile',
    {
      about: 'compares the databases with each other and with the objects',
      load: async () => (await import('./reconcile/reconcile-command.ts')).reconcileCommand,
    },
  ],
  [
    'quarantine',
    {
      about: 'lists pictures that killed processes, and lets them go',
      load: async () => (await import('./quarantine/quarantine-command.ts')).quarantineCommand,
    },
  ],
  [
    'jobs',
    {
      about: 'lists what failed, has it tried again, acknowledges it',
      load: async () => (await import('./jobs/jobs-command.ts')).jobsCommand,
    },
  ],
]);

const lines = [...commands].map(([name, { about }]) => `  ${name.padEnd(10)}  ${about}`);
const usage = `npm run <command> -- [options]\n\n${lines.join('\n')}\n\nnpm run <command> -- --help says more.\n`;

const [name, ...args] = process.argv.slice(2);
const stop = listenForStop();
await runCommand(stop, async () => {
  if (name === undefined || name === '--help') return void process.stdout.write(usage);
  const command = commands.get(name);
  if (command === undefined) throw new UserError(`There is no command "${name}".\n\n${usage}`);
  await (await command.load())(args, stop);
});

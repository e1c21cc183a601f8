import { listenForStop } from '@kilas/cli/stop-signal.ts';
import { runCommand, UserError } from '@kilas/cli/user-error.ts';

/** A subcommand is a file of its own, `<name>-command.ts`, that says itself what `--help` prints. */
type Command = (args: readonly string[], stop: AbortSignal) => Promise<void>;

const commands: ReadonlyMap<string, { about: string; load: () => Promise<Command> }> = new Map([
  [
    'evaluate',
    {
      about: 'measures on a labelled folder what would be found, missed and wrong',
      load: async () => (await import('./evaluate/evaluate-command.ts')).evaluateCommand,
    },
  ],
  [
    'strangers',
    {
      about: 'measures on a crowd how often strangers match, by group of people',
      load: async () => (await import('./strangers/strangers-command.ts')).strangersCommand,
    },
  ],
  [
    'copies',
    {
      about: 'measures how often a selfie is refused that was cropped from a photo, and how often an honest one',
      load: async () => (await import('./copies/copies-command.ts')).copiesCommand,
    },
  ],
  [
    'explain',
    {
      about: 'says what is found in a photo, and why it matches a selfie',
      load: async () => (await import('./explain/explain-command.ts')).explainCommand,
    },
  ],
  [
    'retention',
    {
      about: 'until when faces of each event are kept, and what became of those whose time had come',
      load: async () => (await import('./retention/retention-command.ts')).retentionCommand,
    },
  ],
  [
    'index',
    {
      about: 'lists the indexes of faces, and makes them ahead of time',
      load: async () => (await import('./index/index-command.ts')).indexCommand,
    },
  ],
  [
    'calibrate',
    {
      about: "fits how near strangers come in an installation's own photos",
      load: async () => (await import('./calibrate/calibrate-command.ts')).calibrateCommand,
    },
  ],
]);

const lines = [...commands].map(([name, { about }]) => `  ${name.padEnd(10)}  ${about}`);
const usage = `npm run faces -- <command> [options]\n\n${lines.join('\n')}\n\nnpm run faces -- <command> --help says more.\n`;

const [name, ...args] = process.argv.slice(2);
const stop = listenForStop();
await runCommand(stop, async () => {
  if (name === '--help') return void process.stdout.write(usage);
  if (name === undefined) throw new UserError(usage);
  const command = commands.get(name);
  if (command === undefined) throw new UserError(`There is no command "${name}".\n\n${usage}`);
  await (await command.load())(args, stop);
});

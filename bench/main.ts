import { readdirSync } from 'node:fs';
import { sayingArguments } from '@kilas/cli/command-line.ts';
import { runCommand } from '@kilas/cli/user-error.ts';

// Measures one thing: `npm run bench -- <name> [arguments]`. Each benchmark is a folder here and prints, last, one line of JSON.
const here = import.meta.dirname;
const names = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'drill')
  .map(({ name }) => name)
  .sort();

const [name, ...rest] = process.argv.slice(2);
const isHelp = name === undefined || name === '--help' || name === '-h';
if (isHelp || !names.includes(name)) {
  const about = isHelp ? '' : `There is no benchmark "${name}".\n\n`;
  process.stderr.write(
    `${about}Usage: npm run bench -- <name> [--help]\n\n${names.map((each) => `  ${each}\n`).join('')}`,
  );
  process.exitCode = isHelp && name !== undefined ? 0 : 2;
} else {
  // What a benchmark reads with parseArgs are its own arguments.
  process.argv.splice(2, process.argv.length, ...rest);
  await runCommand(new AbortController().signal, async () => {
    await import(`./${name}/main.ts`).catch((error: unknown) => {
      throw sayingArguments(`npm run bench -- ${name}`, error);
    });
  });
}

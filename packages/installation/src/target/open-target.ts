import path from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { readingArguments, readPath } from '@kilas/cli/command-line.ts';
import { UserError } from '@kilas/cli/user-error.ts';
import { openEmbedded } from './embedded-target.ts';
import { openEnv, ownEnv, readEnvFiles } from './env-target.ts';
import type { Target } from './target.ts';

export interface TargetOptions {
  readonly data?: string | undefined;
  readonly env: readonly string[];
}

/** For `parseArgs`. */
export const targetOptions = {
  data: { type: 'string' },
  env: { type: 'string', multiple: true, default: [] as string[] },
} as const;

export const targetUsage = `  --data FOLDER     the data folder of an embedded run (default: data)
  --env FILE…       the variables of an installation of many machines, see docs/runbooks/backup.md; - are those of this process`;

const commonOptions = { ...targetOptions, help: { type: 'boolean', default: false } } as const;

/** What the arguments of a command on an installation say: which one, `help`, and the command's own options. */
export function readTargetOptions<Own extends NonNullable<ParseArgsConfig['options']>>(
  command: string,
  args: readonly string[],
  own: Own,
) {
  return readingArguments(command, () => {
    const options = { ...own, ...commonOptions };
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    return { ...values, env: envFilesOf(command, (values as TargetOptions).env, positionals) };
  });
}

/** `--env a b`: what follows the first file arrives as positionals, which mean nothing otherwise. */
export function envFilesOf(command: string, env: readonly string[], positionals: readonly string[]): readonly string[] {
  if (positionals.length === 0 || env.length > 0) return [...env, ...positionals];
  throw new UserError(`"${positionals[0]}" stands alone: ${command} -- --help lists what there is.`);
}

/** The installation that the arguments name. */
export async function openTarget({ data, env }: TargetOptions): Promise<Target> {
  if (data !== undefined && env.length > 0) throw new UserError('--data and --env exclude each other: name one.');
  if (env.length > 0) return openEnv(await readEnvFiles(env.map((file) => (file === ownEnv ? file : readPath(file)))));
  return openEmbedded(dataFolderOf(data));
}

export function dataFolderOf(data: string | undefined): string {
  return data === undefined ? path.resolve('data') : readPath(data);
}

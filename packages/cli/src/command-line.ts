import path from 'node:path';
import { UserError } from './user-error.ts';

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];

export function readPort(text: string): number {
  const port = Number(text);
  if (text.trim() !== '' && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UserError(`"${text}" is not a port: --port takes a number up to 65535, or 0 for any free one.`);
}

export function readLogLevel(text: string): string {
  if (logLevels.includes(text)) return text;
  throw new UserError(`"${text}" is not a log level: --log takes ${logLevels.join(', ')}.`);
}

/** The value of an option. Throws a UserError for what is not a whole number in this range. */
export function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw new UserError(`${option} takes a whole number from ${min} to ${max}, not "${text}".`);
}

/** A path as it was meant: from the folder where npm was called, which runs commands in the folder of the project. */
export function readPath(text: string): string {
  return path.resolve(process.env.INIT_CWD ?? '.', text);
}

/** Runs a parse of arguments; what is wrong with them becomes one sentence. */
export function readingArguments<T>(command: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw sayingArguments(command, error);
  }
}

/** What a parse of arguments threw, as one sentence; any other error as it is. */
export function sayingArguments(command: string, error: unknown): unknown {
  if (!(error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))) return error;
  // Node.js adds advice about "--", which npm has used up already.
  const [first = ''] = error.message.split(/[.](?: |$)/);
  return new UserError(`${first}: ${command} -- --help lists what there is.`);
}

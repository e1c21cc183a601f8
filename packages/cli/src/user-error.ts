import { getSystemErrorMessage } from 'node:util';

/** What the person at the terminal can put right; the message says how, in a sentence. */
export class UserError extends Error {}

/**
 * Runs a command to its end. What the person can put right is one sentence, anything else a trace; what breaks off because
 * the person wanted to stop is neither.
 */
export async function runCommand(stop: AbortSignal, command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    process.exitCode = stop.aborted ? 130 : 1;
    if (stop.aborted) return;
    console.error(error instanceof UserError ? error.message : error);
  }
}

/** The words of the operating system for why a call failed, "permission denied"; undefined for any other error. */
export function systemReason(error: unknown): string | undefined {
  if (!(error instanceof Error && 'errno' in error && typeof error.errno === 'number')) return undefined;
  return getSystemErrorMessage(error.errno);
}

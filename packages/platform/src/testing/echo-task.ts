import { z } from 'zod';
import type { Env } from '../process/env.ts';

const echoTask = z.object({
  id: z.string(),
  publicKeyPem: z.string(),
  rpcPort: z.number(),
  httpPort: z.number(),
  /** Each call is a line in it. */
  callsFile: z.string(),
  consulUrl: z.string().optional(),
});

/** What an echo process is told. */
export type EchoTask = z.output<typeof echoTask>;

export function writeEchoTask(task: EchoTask): Env {
  return { ECHO_TASK: JSON.stringify(task) };
}

export function readEchoTask(env: Env): EchoTask {
  return echoTask.parse(JSON.parse(env.ECHO_TASK ?? ''));
}

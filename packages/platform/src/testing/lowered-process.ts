// Lowers itself and prints the niceness and the policy of each of its threads, and the niceness of its session.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { lowerPriority } from '../process/lower-priority.ts';

await lowerPriority();
const worker = new Worker('setInterval(() => {}, 1000)', { eval: true });
await new Promise((resolve) => worker.once('online', resolve));
const threads = readdirSync('/proc/self/task').map((thread) => {
  const [, fields = ''] = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8').split(') ');
  const values = fields.split(' ').map(Number);
  // proc_pid_stat(5): fields 19 and 41, counted from the third.
  return { niceness: values[16], policy: values[38] };
});
const session = existsSync('/proc/self/autogroup') ? readFileSync('/proc/self/autogroup', 'utf8').trim() : undefined;
process.stdout.write(JSON.stringify({ threads, session }));
await worker.terminate();

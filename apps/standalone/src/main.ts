import path from 'node:path';
import { parseArgs } from 'node:util';
import { readingArguments, readLogLevel, readPath, readPort } from '@kilas/cli/command-line.ts';
import { createProgress } from '@kilas/cli/progress.ts';
import { listenForStop, untilStopped } from '@kilas/cli/stop-signal.ts';
import { runCommand, UserError } from '@kilas/cli/user-error.ts';
import { readHost } from './network-place.ts';
import { startInstallation } from './start-installation.ts';

const usage = `npm start -- [options]

Runs Kilas on this machine: PostgreSQL, the five services, one address.

    --host ADDRESS  0.0.0.0 lets other machines in, such as a phone in the same network; an address of this machine lets in
                  those that use it (default: only this machine). Everything then goes by plain http: everybody in the
                  network can reach it, read the mails in the outbox and pay with play money. Only for trials.
  --port NUMBER   where the REST API listens (default 3000; 0 takes a free one)
  --data FOLDER   where everything is kept (default: data, in the folder of Kilas)
  --log LEVEL     trace, debug, info, warn, error or silent (default warn)
  --help          this text

FACE_PACK, FACE_PACK_FORCE, FACE_PACK_OLD, FACE_PACK_OLD_UNTIL and PACKS_FOLDER of the environment choose the models for
faces (docs/packs.md).
`;

const openWarning =
  'Plain http, open to the network: whoever is in it reaches this, reads the mail outbox and pays with play money. For trials alone.';

const stop = listenForStop();
await runCommand(stop, start);

async function start(): Promise<void> {
  const { help, data, host, port, log } = readingArguments('npm start', readOptions);
  if (help) {
    process.stdout.write(usage);
    return;
  }
  const dataFolder = data === undefined ? path.resolve('data') : readPath(data);
  const options = { dataFolder, host: readHost(host), port: readPort(port), logLevel: readLogLevel(log) };
  const running = await startInstallation({ ...options, env: process.env, stop, onProgress: createProgress().step });
  console.log(`Kilas runs at ${running.url} – API reference ${running.url}/docs`);
  const { isOpen, alsoUrls } = running.place;
  if (alsoUrls.length > 0) console.log(`Also at ${alsoUrls.join(' ')}`);
  if (isOpen) console.log(openWarning);
  console.log(`Mail outbox ${running.url}/dev/mail – sandbox payments ${running.url}/sandbox/payments`);
  console.log(`Data in ${dataFolder} – Ctrl-C stops everything`);
  const broken = await Promise.race([untilStopped(stop), running.broken]);
  await running.stop();
  if (broken !== undefined)
    throw new UserError(`${broken} ended by itself, so Kilas stopped. Nothing is lost: start it again.`);
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      host: { type: 'string', default: 'localhost' },
      port: { type: 'string', default: '3000' },
      data: { type: 'string' },
      log: { type: 'string', default: 'warn' },
      help: { type: 'boolean', default: false },
    },
  });
  return values;
}

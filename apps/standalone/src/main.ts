import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startInstallation } from './start-installation.ts';
import { untilAskedToStop } from './until-asked-to-stop.ts';

const usage = `npm start -- [options]

Runs Kilas on this machine: PostgreSQL, the five services, one address.

  --port NUMBER   where the REST API listens (default 3000)
  --data FOLDER   where everything is kept (default ./data)
  --log LEVEL     trace, debug, info, warn, error or silent (default warn)
  --help          this text
`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '3000' },
    data: { type: 'string', default: 'data' },
    log: { type: 'string', default: 'warn' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(usage);
} else {
  const dataFolder = path.resolve(values.data);
  const isFirst = !existsSync(dataFolder);
  if (isFirst) console.log('First start: making the database and the face models, some seconds longer.');
  const stopAsked = untilAskedToStop();
  const running = await startInstallation({
    dataFolder,
    port: Number(values.port),
    logLevel: values.log,
    onProgress: (message) => {
      if (isFirst) console.log(`  ${message}`);
    },
  });
  console.log(`Kilas runs at ${running.url} – API reference ${running.url}/docs`);
  console.log(`Mail outbox ${running.url}/dev/mail – sandbox payments ${running.url}/sandbox/payments`);
  console.log(`Data in ${dataFolder} – Ctrl-C stops everything`);
  const broken = await Promise.race([stopAsked, running.broken]);
  if (broken !== undefined) {
    console.error(`${broken} ended by itself, so Kilas stops. Nothing is lost: start it again.`);
    process.exitCode = 1;
  }
  console.log('Stopping…');
  await running.stop();
}

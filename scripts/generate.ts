// Writes all code that is generated: packages/contracts of proto/, and packages/client of what the services say of their
// routes, for which it starts an installation in a folder that goes again.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DOCUMENT, TYPES, typesOf } from '@kilas/client/types-of.ts';
import { startInstallation } from '@kilas/standalone/start-installation.ts';

const { status, error } = spawnSync('buf', ['generate'], { stdio: 'inherit' });
if (error !== undefined) throw error;
if (status === 0) await generateClient();
else process.exitCode = 1;

async function generateClient(): Promise<void> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'kilas-generate-'));
  const installation = await startInstallation({ dataFolder, port: 0, logLevel: 'error', onProgress: () => {} });
  try {
    const answer = await fetch(`${installation.url}/openapi.json`);
    const document = `${JSON.stringify(await answer.json(), null, 2)}\n`;
    await writeFile(DOCUMENT, document);
    await writeFile(TYPES, await typesOf(document));
  } finally {
    await installation.stop();
    await rm(dataFolder, { recursive: true, force: true });
  }
}

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../../..');
const cache = path.join(root, 'node_modules/.cache');
/** Of the package and of how it is unpacked here. */
const folder = path.join(cache, 'chromium-153-1');

/** It unpacks into the temporary folder of its process, and the libraries that a lean machine lacks only when asked. */
const unpack = `
import chromium, { inflate } from '@sparticuz/chromium';
import { createRequire } from 'node:module';
import path from 'node:path';
await chromium.executablePath();
const main = createRequire(import.meta.url).resolve('@sparticuz/chromium');
await inflate(path.join(path.dirname(main), '../bin/al2023.tar.br'));
`;

/**
 * The Chromium that comes by npm, with a font and the libraries that a machine may lack, unpacked once. Several processes may ask at
 * once. Throws where it cannot be unpacked.
 */
export async function unpackChromium(): Promise<{ executablePath: string; libraries: string; fontsFile: string }> {
  if (!existsSync(folder)) await unpackOnce();
  return {
    executablePath: path.join(folder, 'chromium'),
    libraries: path.join(folder, 'al2023/lib'),
    fontsFile: path.join(folder, 'fonts.conf'),
  };
}

async function unpackOnce(): Promise<void> {
  await mkdir(cache, { recursive: true });
  const temporary = await mkdtemp(`${folder}-new-`);
  try {
    await runIn(temporary);
    await writeFile(path.join(temporary, 'fonts.conf'), fontsConfiguration());
    // Another process may have been quicker: then its folder is the same.
    await rename(temporary, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function runIn(temporary: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const args = ['--input-type=module', '--eval', unpack];
    const env = { ...process.env, TMPDIR: temporary };
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2_000);
    });
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(said.trim()))));
  });
}

/** The machine's fonts, where there are some, and the one of the package. */
function fontsConfiguration(): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${path.join(folder, 'fonts')}</dir>
  <cachedir>${path.join(folder, 'fonts-cache')}</cachedir>
</fontconfig>
`;
}

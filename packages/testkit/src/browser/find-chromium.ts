import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { unpackChromium } from './unpack-chromium.ts';

export interface Chromium {
  readonly executablePath: string;
  readonly env: Readonly<Record<string, string>>;
}

const ofTheMachine = '/usr/bin/chromium';

/** The browser that CHROMIUM_PATH names, else the machine's, else the one that comes by npm. Throws with why when none runs here. */
export async function findChromium(): Promise<Chromium> {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined) return verified({ executablePath: named, env: {} });
  if (existsSync(ofTheMachine)) return verified({ executablePath: ofTheMachine, env: {} });
  const { executablePath, libraries, fontsFile } = await unpackChromium();
  const env = { FONTCONFIG_FILE: fontsFile };
  try {
    return await verified({ executablePath, env });
  } catch {
    return verified({ executablePath, env: { ...env, LD_LIBRARY_PATH: libraries } });
  }
}

async function verified(chromium: Chromium): Promise<Chromium> {
  const env = { ...process.env, ...chromium.env };
  await promisify(execFile)(chromium.executablePath, ['--version'], { env, timeout: 60_000 });
  return chromium;
}

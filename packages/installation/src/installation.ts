import { hkdfSync, randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { systemReason, UserError } from '@kilas/cli/user-error.ts';
import { isErrno } from '@kilas/platform/problems/is-errno.ts';
import { newServiceKey } from '@kilas/platform/rpc/service-token.ts';
import { z } from 'zod';
import { eachService } from './service-names.ts';

const keyPair = z.object({ privateKeyPem: z.string(), publicKeyPem: z.string() });

/** The secrets of one installation, made once. */
const installationSchema = z.object({
  serviceKeys: z.object({ user: keyPair, photo: keyPair, transaction: keyPair, ai: keyPair, upload: keyPair }),
  objectsSigningKey: z.string(),
  sandboxWebhookKey: z.string(),
  facesSecret: z.string(),
  /** While it is exchanged. */
  facesSecretPrevious: z.string().optional(),
});

/** As folders of an earlier Kilas hold them: without the secret of the faces. */
const storedSchema = installationSchema.extend({ facesSecret: z.string().optional() });

export type Installation = z.output<typeof installationSchema>;

export function newInstallation(): Installation {
  return {
    serviceKeys: eachService(newServiceKey),
    objectsSigningKey: randomBytes(32).toString('hex'),
    sandboxWebhookKey: randomBytes(32).toString('hex'),
    facesSecret: randomBytes(32).toString('hex'),
  };
}

/**
 * Reads the secrets of a data folder, or makes them; the file is readable by its owner alone. Throws a UserError for a
 * folder that this account cannot use.
 */
export async function openInstallation(dataFolder: string): Promise<Installation> {
  try {
    return await readOrMake(dataFolder);
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    const remedy = 'choose another one with --data, or let this account write there';
    throw new UserError(`The data folder ${dataFolder} cannot be used (${reason}): ${remedy}.`);
  }
}

async function readOrMake(dataFolder: string): Promise<Installation> {
  const file = path.join(dataFolder, 'installation.json');
  await mkdir(dataFolder, { recursive: true });
  // As root the database runs under an account of its own, which must pass through; what is secret inside is 0600 or 0700.
  if (process.getuid?.() === 0) await chmod(dataFolder, 0o711);
  if (existsSync(file)) return readInstallation(file);
  const installation = newInstallation();
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(installation, null, 2), { mode: 0o600, flush: true });
  try {
    // Unlike a rename, a link leaves the secrets of a start that was faster: they would be replaced while it uses them.
    await link(draft, file);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  } finally {
    await rm(draft);
  }
  return readInstallation(file);
}

async function readInstallation(file: string): Promise<Installation> {
  const text = await readFile(file, 'utf8');
  let known: z.output<typeof storedSchema>;
  try {
    known = storedSchema.parse(JSON.parse(text));
  } catch {
    throw new UserError(`${file} is damaged: restore it from a backup, or choose another folder with --data.`);
  }
  const installation = { ...known, facesSecret: known.facesSecret ?? firstFacesSecret(known) };
  if (known.facesSecret === undefined) await replaceInstallation(file, installation);
  return installation;
}

/** Made from what is there, so that two starts that miss it at once make the same one. */
function firstFacesSecret({ objectsSigningKey }: { objectsSigningKey: string }): string {
  return Buffer.from(hkdfSync('sha256', objectsSigningKey, '', 'kilas faces secret', 32)).toString('hex');
}

async function replaceInstallation(file: string, installation: Installation): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(installation, null, 2), { mode: 0o600, flush: true });
  await rename(draft, file);
}

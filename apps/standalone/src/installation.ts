import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isErrno } from '@kilas/embedded/is-errno.ts';
import type { Env } from '@kilas/platform/config.ts';
import { newServiceKey } from '@kilas/platform/service-token.ts';
import { z } from 'zod';

export const serviceNames = ['user', 'photo', 'transaction', 'ai', 'upload'] as const;
export type ServiceName = (typeof serviceNames)[number];

const keyPair = z.object({ privateKeyPem: z.string(), publicKeyPem: z.string() });

/** The secrets of one installation, made once. */
const installationSchema = z.object({
  serviceKeys: z.object({ user: keyPair, photo: keyPair, transaction: keyPair, ai: keyPair, upload: keyPair }),
  objectsSigningKey: z.string(),
  sandboxWebhookKey: z.string(),
});

export type Installation = z.output<typeof installationSchema>;

export function newInstallation(): Installation {
  return {
    serviceKeys: {
      user: newServiceKey(),
      photo: newServiceKey(),
      transaction: newServiceKey(),
      ai: newServiceKey(),
      upload: newServiceKey(),
    },
    objectsSigningKey: randomBytes(32).toString('hex'),
    sandboxWebhookKey: randomBytes(32).toString('hex'),
  };
}

/** Reads the secrets of a data folder, or makes them; the file is readable by its owner alone. */
export async function openInstallation(dataFolder: string): Promise<Installation> {
  const file = path.join(dataFolder, 'installation.json');
  await mkdir(dataFolder, { recursive: true });
  // As root the database runs under an account of its own, which must pass through; what is secret inside is 0600 or 0700.
  if (process.getuid?.() === 0) await chmod(dataFolder, 0o711);
  if (existsSync(file)) return installationSchema.parse(JSON.parse(await readFile(file, 'utf8')));
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
  return installationSchema.parse(JSON.parse(await readFile(file, 'utf8')));
}

export interface Place {
  readonly dataFolder: string;
  readonly publicUrl: string;
  readonly databaseUrls: Readonly<Record<ServiceName, string>>;
  readonly logLevel: string;
  /** For services as processes: where each listens; in one process no port is opened by a service. */
  readonly ports?: Readonly<Record<ServiceName, { http: number; rpc: number }>>;
}

/** The environment of one service of an installation; the same variables whether it is a process or not. */
export function environmentOf(service: ServiceName, installation: Installation, place: Place): Env {
  const publicKeys = serviceNames.map((name) => [name, installation.serviceKeys[name].publicKeyPem]);
  const peers = serviceNames.map((name) => `${name}=http://127.0.0.1:${place.ports?.[name].rpc ?? 0}`);
  return {
    LOG_LEVEL: place.logLevel,
    HTTP_PORT: String(place.ports?.[service].http ?? 0),
    RPC_PORT: String(place.ports?.[service].rpc ?? 0),
    DATABASE_URL: place.databaseUrls[service],
    // PGlite has one connection; see the package embedded.
    ...(service === 'ai' ? { DATABASE_POOL_MAX: '1' } : {}),
    PUBLIC_URL: place.publicUrl,
    SERVICE_PRIVATE_KEY: installation.serviceKeys[service].privateKeyPem,
    SERVICE_PUBLIC_KEYS: JSON.stringify(Object.fromEntries(publicKeys)),
    ...(place.ports === undefined ? {} : { PEERS: peers.join(',') }),
    OBJECTS_FOLDER: path.join(place.dataFolder, 'objects'),
    OBJECTS_SIGNING_KEY: installation.objectsSigningKey,
    MAIL_URL: `folder:${path.join(place.dataFolder, 'mail')}`,
    GRAPHS_FOLDER: path.join(place.dataFolder, 'graphs'),
    PAYMENT_PROVIDER: 'sandbox',
    SANDBOX_WEBHOOK_KEY: installation.sandboxWebhookKey,
  };
}

import path from 'node:path';
import type { Env } from '@kilas/platform/process/env.ts';
import { sandboxWebhookPath } from '@kilas/transaction/config.ts';
import type { Installation } from './installation.ts';
import { type ServiceName, serviceNames } from './service-names.ts';

export interface Place {
  readonly dataFolder: string;
  readonly publicUrl: string;
  /** At which this machine itself always comes there, where that is another one. */
  readonly ownUrl?: string;
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
    ...(service === 'ai'
      ? { FACES_SECRET: installation.facesSecret, FACES_SECRET_PREVIOUS: installation.facesSecretPrevious }
      : {}),
    // PGlite has one connection; see the package embedded.
    ...(service === 'ai' ? { DATABASE_POOL_MAX: '1', DATABASE_CONNECT_TIMEOUT_MS: '30000' } : {}),
    PUBLIC_URL: place.publicUrl,
    // The embedded run and the cluster serve a page at their root.
    SITE_URL: place.publicUrl,
    SERVICE_PRIVATE_KEY: installation.serviceKeys[service].privateKeyPem,
    SERVICE_PUBLIC_KEYS: JSON.stringify(Object.fromEntries(publicKeys)),
    ...(place.ports === undefined ? {} : { PEERS: peers.join(',') }),
    OBJECTS_FOLDER: path.join(place.dataFolder, 'objects'),
    OBJECTS_SIGNING_KEY: installation.objectsSigningKey,
    ERASURE_JOURNAL_URL: `folder:${path.join(place.dataFolder, 'erasure-journal')}`,
    MAIL_URL: `folder:${path.join(place.dataFolder, 'mail')}`,
    GRAPHS_FOLDER: path.join(place.dataFolder, 'graphs'),
    CALIBRATION_FOLDER: path.join(place.dataFolder, 'calibration'),
    PAYMENT_PROVIDER: 'sandbox',
    SANDBOX_WEBHOOK_KEY: installation.sandboxWebhookKey,
    SANDBOX_WEBHOOK_URL: place.ownUrl && `${place.ownUrl}${sandboxWebhookPath}`,
  };
}

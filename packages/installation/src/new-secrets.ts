import { randomBytes } from 'node:crypto';
import { newInstallation } from './installation.ts';
import { serviceNames } from './service-names.ts';

/** 192 random bits that need no escaping in an address, a shell or a YAML file. */
function newPassword(): string {
  return randomBytes(24).toString('hex');
}

/** The variables of deploy/compose.yaml that have no default: one line each, as `docker compose --env-file` reads them. */
export function newSecrets(publicUrl: string): string {
  const { serviceKeys, sandboxWebhookKey, facesSecret } = newInstallation();
  const publicKeys = Object.fromEntries(serviceNames.map((name) => [name, serviceKeys[name].publicKeyPem]));
  const variables: [string, string][] = [
    ['PUBLIC_URL', publicUrl],
    // Line breaks as \n, in single quotes: neither compose nor a shell changes anything inside.
    ['SERVICE_PUBLIC_KEYS', `'${JSON.stringify(publicKeys)}'`],
    ...serviceNames.map((name): [string, string] => [
      `${name.toUpperCase()}_PRIVATE_KEY`,
      `'${serviceKeys[name].privateKeyPem.replaceAll('\n', '\\n')}'`,
    ]),
    ...serviceNames.flatMap((name): [string, string][] => [
      [`${name.toUpperCase()}_DATABASE_PASSWORD`, newPassword()],
      [`${name.toUpperCase()}_DATABASE_OWNER_PASSWORD`, newPassword()],
    ]),
    ...(['user', 'upload', 'ai', 'photo', 'backup'] as const).map((name): [string, string] => [
      `${name.toUpperCase()}_S3_SECRET`,
      newPassword(),
    ]),
    ['POSTGRES_PASSWORD', newPassword()],
    ['MONITOR_DATABASE_PASSWORD', newPassword()],
    ['REDIS_PASSWORD', newPassword()],
    ['SANDBOX_WEBHOOK_KEY', sandboxWebhookKey],
    ['FACES_SECRET', facesSecret],
    ['GRAFANA_PASSWORD', newPassword()],
  ];
  return `${variables.map(([name, value]) => `${name}=${value}`).join('\n')}\n`;
}

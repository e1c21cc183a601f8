import { fileURLToPath } from 'node:url';
import type { ServiceName } from './service-names.ts';

/** The folder of a service's numbered migrations. */
export function migrationsOf(service: ServiceName): URL {
  return new URL('./db/migrations/', sourceOf(service));
}

/** The path of what Node.js runs as a process of a service. */
export function mainOf(service: ServiceName): string {
  return fileURLToPath(new URL('./main.ts', sourceOf(service)));
}

function sourceOf(service: ServiceName): string {
  return import.meta.resolve(`@kilas/${service}/service.ts`);
}

import type { ServiceName } from './service-names.ts';

/** The folder of a service's numbered migrations. */
export function migrationsOf(service: ServiceName): URL {
  return new URL('./db/migrations/', import.meta.resolve(`@kilas/${service}/service.ts`));
}

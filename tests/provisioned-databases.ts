import { type PasswordsByService, passwordNamesOf } from '@kilas/installation/provision/passwords.ts';
import { linesOf, provision } from '@kilas/installation/provision/provision.ts';
import { type ServiceName, serviceNames } from '@kilas/installation/service-names.ts';
import type { Env } from '@kilas/platform/process/env.ts';

// The faces lie in PGlite in tests, which knows no roles.
export const servicesWithRoles = serviceNames.filter((name) => name !== 'ai');

/** Provisions a server as an operator would; answers each service's variables. */
export async function provisionDatabases(adminUrl: string): Promise<Partial<Record<ServiceName, Env>>> {
  const passwords: PasswordsByService = new Map(
    servicesWithRoles.map((name) => [
      name,
      { owner: `owner-of-${name}-0123456789`, running: `role-of-${name}-0123456789` },
    ]),
  );
  await provision({ adminUrl, services: servicesWithRoles, passwords, onChange: () => {} });
  return Object.fromEntries(
    servicesWithRoles.map((name) => {
      const lines = linesOf(adminUrl, name, passwords);
      const prefix = passwordNamesOf(name).running.replace('DATABASE_PASSWORD', '');
      const variables = ['DATABASE_URL', 'DATABASE_OWNER_URL'];
      return [name, Object.fromEntries(variables.map((variable) => [variable, lines[`${prefix}${variable}`]]))];
    }),
  );
}

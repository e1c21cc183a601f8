import type { ServiceEnv } from '../service/service-config.ts';

type Configured = Pick<ServiceEnv, 'DATABASE_URL' | 'DATABASE_DIRECT_URL' | 'DATABASE_OWNER_URL'>;

export interface DatabaseUrls {
  /** For statements and transactions. */
  readonly url: string;
  /** Behind it a pooler gives each transaction another session of the server. */
  readonly isPooled: boolean;
  /** For what needs a session of its own, as the same role: LISTEN, settings, locks that outlive a transaction. */
  readonly sessionUrl: string;
  /** The same as the role that owns the tables. */
  readonly ownerUrl: string;
}

/** Where a service reaches its database, by what it does there. */
export function databaseUrlsOf(config: Configured): DatabaseUrls {
  const { DATABASE_URL: url, DATABASE_DIRECT_URL: directUrl, DATABASE_OWNER_URL: ownerUrl } = config;
  const sessionUrl = directUrl ?? url;
  return { url, isPooled: directUrl !== undefined, sessionUrl, ownerUrl: ownerUrl ?? sessionUrl };
}

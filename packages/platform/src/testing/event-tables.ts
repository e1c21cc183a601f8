import { readdirSync, readFileSync } from 'node:fs';

const services = ['photo', 'transaction', 'upload', 'user'] as const;

/** The migration that makes the outbox of a service, as each one that publishes has it. */
export function outboxMigrationOf(service: (typeof services)[number]): string {
  const folder = new URL(`../../../../services/${service}/src/db/migrations/`, import.meta.url);
  const name = readdirSync(folder).find((file) => file.endsWith('-outbox.sql'));
  if (name === undefined) throw new Error(`${service} has no migration for its outbox`);
  return readFileSync(new URL(name, folder), 'utf8');
}

export const publishers = services;

/** What a database has that publishes events and hears of others. */
export const eventTables = `${outboxMigrationOf('user')}
create table handled_events (event_id uuid primary key, effects jsonb not null default '{}');`;

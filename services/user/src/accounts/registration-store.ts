import type { Db } from '@kilas/platform/db/database.ts';
import type { Insertable, Selectable, Transaction } from 'kysely';
import type { UserSchema } from '../db/schema.ts';
import type { Login } from './account.ts';

export type Registration = Selectable<UserSchema['registrations']>;
export type VerificationLink = Selectable<UserSchema['verification_links']>;

export async function insertRegistration(
  tx: Transaction<UserSchema>,
  registration: Insertable<UserSchema['registrations']>,
): Promise<void> {
  await tx.insertInto('registrations').values(registration).execute();
}

export async function findRegistration(db: Db<UserSchema>, registrationId: string): Promise<Registration | undefined> {
  return db.selectFrom('registrations').selectAll().where('id', '=', registrationId).executeTakeFirst();
}

/** The newest first. */
export async function listRegistrationsByLogin(
  db: Db<UserSchema>,
  login: Login,
  limit: number,
): Promise<Registration[]> {
  const query = db.selectFrom('registrations').selectAll().orderBy('created_at', 'desc').orderBy('id').limit(limit);
  return 'email' in login
    ? query.where('email', '=', login.email).execute()
    : query.where('username', '=', login.username).execute();
}

/** In id order, so that two links of one address never wait for each other in a ring. */
export async function lockRegistrationsByEmail(tx: Transaction<UserSchema>, email: string): Promise<Registration[]> {
  return tx.selectFrom('registrations').selectAll().where('email', '=', email).orderBy('id').forUpdate().execute();
}

export async function deleteRegistrationsByEmail(tx: Transaction<UserSchema>, email: string): Promise<void> {
  await tx.deleteFrom('registrations').where('email', '=', email).execute();
}

export async function deleteRegistrationsBefore(db: Db<UserSchema>, time: Date): Promise<void> {
  await db.deleteFrom('registrations').where('created_at', '<', time).execute();
}

export async function insertVerificationLink(
  db: Db<UserSchema>,
  link: Insertable<UserSchema['verification_links']>,
): Promise<void> {
  await db.insertInto('verification_links').values(link).execute();
}

export async function findVerificationLink(
  db: Db<UserSchema>,
  tokenHash: string,
): Promise<VerificationLink | undefined> {
  return db.selectFrom('verification_links').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst();
}

export async function deleteVerificationLinksBefore(db: Db<UserSchema>, expiry: Date): Promise<void> {
  await db.deleteFrom('verification_links').where('expires_at', '<', expiry).execute();
}

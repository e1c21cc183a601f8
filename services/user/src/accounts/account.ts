import { z } from 'zod';

export const emailLengthMax = 254;
export const passwordLengthMin = 10;
export const passwordLengthMax = 200;
/** Registrations that were never verified are forgotten after this time. */
export const registrationKeptSeconds = 7 * 24 * 3600;
export const verificationLinkHours = 24;

/** An address in the one form in which it is kept and compared. */
export const email = z.string().trim().toLowerCase().max(emailLengthMax).pipe(z.email());

/** Public, in lower case; it holds no "@", so a login is either an address or a username. */
export const username = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9_.]{3,30}$/, 'FIELD_NOT_USERNAME');

export const newPassword = z.string().min(passwordLengthMin).max(passwordLengthMax);

/** What somebody signs in with, an address or a username. */
export type Login = { readonly email: string } | { readonly username: string };

export function loginOf(text: string): Login {
  const normal = text.trim().toLowerCase();
  return normal.includes('@') ? { email: normal } : { username: normal };
}

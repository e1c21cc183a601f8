import { z } from 'zod';
import { emailLengthMax, normalAddress, typedLengthMax } from '../mail/address.ts';

export const passwordLengthMin = 10;
export const passwordLengthMax = 200;
/** Registrations that were never verified are forgotten after this time. */
export const registrationKeptSeconds = 7 * 24 * 3600;
export const verificationLinkHours = 24;

export const email = z
  .string()
  .max(typedLengthMax)
  .transform(normalAddress)
  .pipe(z.email().max(emailLengthMax))
  .meta({ format: 'email' });

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
  return text.includes('@') ? { email: normalAddress(text) } : { username: text.trim().toLowerCase() };
}

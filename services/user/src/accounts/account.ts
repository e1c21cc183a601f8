import { domainToASCII } from 'node:url';
import { z } from 'zod';

export const emailLengthMax = 254;
export const passwordLengthMin = 10;
export const passwordLengthMax = 200;
/** Registrations that were never verified are forgotten after this time. */
export const registrationKeptSeconds = 7 * 24 * 3600;
export const verificationLinkHours = 24;

/** What a person may type for an address, whose domain is longer when it is written in Latin letters (RFC 5891). */
const typedLengthMax = 320;

/**
 * The one form in which an address is kept and compared: in lower case, its domain in Latin letters, so that bücher.example and
 * xn--bcher-kva.example are one. What stands before the @ is left as it is: to a mail server "é" is no "e", and most take neither.
 */
export function normalAddress(typed: string): string {
  const text = typed.trim();
  const at = text.lastIndexOf('@');
  const domain = text.slice(at + 1);
  const isLatin = /^[\x20-\x7e]*$/.test(domain);
  return `${lowerCase(text.slice(0, at + 1))}${isLatin ? lowerCase(domain) : domainToASCII(domain.normalize('NFC'))}`;
}

/** Of Latin letters alone: the sign for kelvin is no "k". */
function lowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

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

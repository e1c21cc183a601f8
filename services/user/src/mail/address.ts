import { domainToASCII } from 'node:url';

export const emailLengthMax = 254;

/** What a person may type for an address, whose domain is longer when it is written in Latin letters (RFC 5891). */
export const typedLengthMax = 320;

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

import { createSHA256 } from 'hash-wasm';
import { toBase64 } from './tus.ts';

export const partSizeBytes = 8_000_000;

export interface FileHashes {
  /** Of the whole file, in hex. */
  readonly sha256: string;
  /** Of each part, in Base64. */
  readonly parts: readonly string[];
}

/** Reads a file once, part by part: memory holds one part at a time. */
export async function hashFile(file: Blob): Promise<FileHashes> {
  const parts: string[] = [];
  if (file.size <= partSizeBytes) {
    const digest = await digestOf(await file.arrayBuffer());
    return { sha256: toHex(digest), parts: [toBase64(digest)] };
  }
  // What the browser computes itself takes a whole buffer alone.
  const whole = await createSHA256();
  for (let offset = 0; offset < file.size; offset += partSizeBytes) {
    const bytes = await file.slice(offset, offset + partSizeBytes).arrayBuffer();
    whole.update(new Uint8Array(bytes));
    parts.push(toBase64(await digestOf(bytes)));
  }
  return { sha256: whole.digest('hex'), parts };
}

async function digestOf(bytes: ArrayBuffer): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

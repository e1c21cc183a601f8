import type { ByteRange } from '@kilas/platform/objects/objects.ts';

/**
 * The part of `sizeBytes` that a Range header (RFC 9110, 14.2) asks for; undefined when it asks for all, for several parts or
 * in words unknown, which is then answered with all; `unsatisfiable` when nothing of it is there.
 */
export function byteRange(header: string | undefined, sizeBytes: number): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  if (match === null || header === 'bytes=-') return undefined;
  const [, first = '', last = ''] = match;
  const start = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  if (first !== '' && last !== '' && Number(last) < start) return undefined;
  return start > end ? 'unsatisfiable' : { start, end };
}

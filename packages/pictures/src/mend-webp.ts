const headerBytes = 12;
const chunkHeaderBytes = 8;

/**
 * The bytes of a WebP whose chunks are all there, but whose last byte of padding is missing or whose header counts otherwise, with
 * both put right: what browsers show and libwebp refuses. Undefined when there is nothing to mend or when more than that is missing.
 */
export function mendWebp(bytes: Buffer): Buffer | undefined {
  const claimedEnd = claimedEndOf(bytes);
  let end = headerBytes;
  while (end + chunkHeaderBytes <= bytes.length && end < claimedEnd) {
    const size = bytes.readUInt32LE(end + 4);
    if (end + chunkHeaderBytes + size > bytes.length) return undefined;
    end += chunkHeaderBytes + size + (size % 2);
  }
  if (claimedEnd > end + 1 || (claimedEnd === end && end <= bytes.length)) return undefined;
  const mended = Buffer.alloc(end);
  bytes.copy(mended);
  mended.writeUInt32LE(end - 8, 4);
  return mended;
}

/** Whether the header counts more bytes than there are. */
export function isWebpCutShort(bytes: Buffer): boolean {
  return claimedEndOf(bytes) > bytes.length;
}

/** The size that the RIFF header tells does not count the eight bytes before it. */
function claimedEndOf(bytes: Buffer): number {
  return bytes.length < headerBytes ? Number.POSITIVE_INFINITY : bytes.readUInt32LE(4) + 8;
}

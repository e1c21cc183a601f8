import { setImmediate as nextTurn } from 'node:timers/promises';

/** Marker codes (ITU-T T.81, table B.1). */
const code = { startOfImage: 0xd8, endOfImage: 0xd9, startOfScan: 0xda, app0: 0xe0, temporary: 0x01 } as const;
const endOfImage = Buffer.from([0xff, code.endOfImage]);
/** A progressive picture with all that software adds has some hundreds. */
const partCountMax = 20_000;
/** What is written has some ten, and what is made to be sent slowly some twenty. */
const scanCountMax = 100;
/** After so many steps others have their turn on the event loop. */
const stepsAtOnce = 100_000;

export interface MendedJpeg {
  readonly bytes: Buffer;
  /** False when the picture has no end marker of its own, so that one was put behind its last byte. */
  readonly hasEnd: boolean;
  /** Without the end marker. */
  readonly body: Buffer;
  /** False when a progressive picture breaks off between two scans: no pixel lacks then, but what the next scans would make of them. */
  readonly hasAllScans: boolean;
}

/**
 * A JPEG without what viewers overlook and a strict decoder complains of: bytes between segments, the parameters of a sequential scan that
 * some Samsung cameras get wrong, what follows the picture, and an end marker that is missing. Its compressed data are as they were, so that what is
 * complained of afterwards are pixels. Undefined for what has no scan.
 */
export async function mendJpeg(bytes: Buffer): Promise<MendedJpeg | undefined> {
  const parts: Buffer[] = [bytes.subarray(0, 2)];
  let isSequential = false;
  let scans: Scans | undefined;
  let hasScan = false;
  let at = 2;
  const finish = (hasEnd: boolean) => finishParts(parts, { hasScan, hasEnd, hasAllScans: scans?.areAll() ?? true });
  for (let count = 0; count < partCountMax; count++) {
    const marker = await findMarker(bytes, at);
    // Compressed data stand between markers behind the first scan only.
    if (hasScan) parts.push(bytes.subarray(at, marker ?? bytes.length));
    if (marker === undefined) break;
    const kind = bytes[marker + 1] ?? 0;
    if (kind === code.endOfImage) return finish(true);
    const isBare = kind === code.startOfImage || kind === code.temporary || isRestart(kind);
    const end = isBare ? marker + 2 : marker + 2 + (marker + 4 <= bytes.length ? bytes.readUInt16BE(marker + 2) : 2);
    const segment = Buffer.from(bytes.subarray(marker, end));
    if (end > bytes.length) return finish(false);
    if (kind === 0xc0 || kind === 0xc1 || kind === 0xc9) isSequential = true;
    if (kind === 0xc2 || kind === 0xca) scans = new Scans(segment);
    if (kind === code.startOfScan) scans?.add(segment);
    if (kind === code.startOfScan && isSequential) spellSequentialScan(segment);
    parts.push(segment);
    hasScan ||= kind === code.startOfScan;
    at = end;
  }
  return finish(false);
}

/** Which bits of which coefficients the scans of a progressive picture have told so far (ITU-T T.81, G.1). */
class Scans {
  readonly #componentCount: number;
  readonly #told = new Set<string>();

  constructor(frame: Buffer) {
    this.#componentCount = frame[9] ?? 0;
  }

  add(scan: Buffer): void {
    const [first = 0, last = 0, approximation = 0] = scan.subarray(-3);
    // The lower half says how many of the lowest bits are still to come.
    if ((approximation & 15) !== 0) return;
    for (let i = 0; i < (scan[4] ?? 0); i++) {
      for (let at = first; at <= Math.min(last, 63); at++) this.#told.add(`${scan[5 + 2 * i]} ${at}`);
    }
  }

  areAll(): boolean {
    return this.#told.size >= this.#componentCount * 64;
  }
}

function finishParts(
  parts: readonly Buffer[],
  { hasScan, hasEnd, hasAllScans }: { hasScan: boolean; hasEnd: boolean; hasAllScans: boolean },
): MendedJpeg | undefined {
  if (!hasScan) return undefined;
  const whole = Buffer.concat(parts);
  const body = hasEnd ? whole : withoutFill(whole);
  return { bytes: Buffer.concat([body, endOfImage]), body, hasEnd, hasAllScans };
}

/** What a card or a disk left unwritten is no data: a copy that broke off often has its full size. */
function withoutFill(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && isFill(bytes[end - 1])) end -= 1;
  const isStuffed = bytes[end] === 0xff && bytes[end + 1] === 0;
  return bytes.subarray(0, isStuffed ? end + 2 : end);
}

/** Bytes of media that were never written. */
export function isFill(byte: number | undefined): boolean {
  return byte === 0 || byte === 0xff;
}

/** B.2.3: in a sequential scan these say nothing: 0 and 63 for the coefficients, 0 for the approximation. */
function spellSequentialScan(segment: Buffer): void {
  if (segment.length >= 3) segment.set([0, 63, 0], segment.length - 3);
}

/**
 * Whether a JPEG has more scans than any picture: each is a walk over all its pixels, and may be of a few bytes. No limit of time holds while
 * libjpeg is at them.
 */
export async function hasTooManyScans(bytes: Buffer): Promise<boolean> {
  let at = 2;
  let scanCount = 0;
  for (let count = 0; count < partCountMax && scanCount <= scanCountMax; count++) {
    const marker = await findMarker(bytes, at);
    const kind = marker === undefined ? code.endOfImage : bytes[marker + 1];
    if (marker === undefined || kind === code.endOfImage || marker + 4 > bytes.length) return false;
    if (kind === code.startOfScan) scanCount += 1;
    at =
      kind === code.startOfImage || kind === code.temporary ? marker + 2 : marker + 2 + bytes.readUInt16BE(marker + 2);
  }
  return true;
}

/** Where the next marker stands at or after `from`. In the compressed data a stuffed zero or a restart marker follows each 0xff. */
async function findMarker(bytes: Buffer, from: number): Promise<number | undefined> {
  let count = 0;
  for (let at = bytes.indexOf(0xff, from); at !== -1 && at + 1 < bytes.length; at = bytes.indexOf(0xff, at + 1)) {
    const kind = bytes[at + 1] ?? 0;
    if (kind !== 0 && kind !== 0xff && !isRestart(kind)) return at;
    count += 1;
    if (count % stepsAtOnce === 0) await nextTurn();
  }
  return undefined;
}

function isRestart(kind: number): boolean {
  return kind >= 0xd0 && kind <= 0xd7;
}

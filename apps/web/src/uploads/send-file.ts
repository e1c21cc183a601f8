import { type FileHashes, partSizeBytes } from './hash-file.ts';
import { type Item, nameOf, type Terms } from './item.ts';
import { NoAnswer } from './transport.ts';
import { Refused, type Told, type Tus } from './tus.ts';

export interface Sending {
  readonly tus: Tus;
  readonly hash: (file: Blob) => Promise<FileHashes>;
  /** Waits so long, or until there is reason to try at once. */
  readonly rest: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly pauses: { readonly firstMs: number; readonly maxMs: number };
  /** Facts of the item changed that are worth keeping. */
  readonly onChange: (item: Item) => void;
  readonly onSent: (item: Item, sentBytes: number) => void;
  /** The network or the server has too much to do. */
  readonly onTrouble: () => void;
}

/** Tries that end without any byte more, where another try may not help. */
const idleTriesMax = 6;
/** Waiting helps against these, however long it takes. */
const busy = new Set([408, 423, 429, 503, 507]);

/**
 * Sends one file until the server has told what became of it. Whatever breaks off is gone on with; the id of the upload is the item's, so no
 * attempt makes a second photo. Throws Refused where another try ends the same way, SignedOut, and what reading the file throws.
 */
export async function sendFile(
  sending: Sending,
  { item, terms, file, signal }: { item: Item; terms: Terms; file: Blob; signal: AbortSignal },
): Promise<Told> {
  const hashes = await sending.hash(file);
  if (item.sha256 !== null && item.sha256 !== hashes.sha256) item.uploadId = crypto.randomUUID();
  item.sha256 = hashes.sha256;
  sending.onChange(item);
  let tries = 0;
  for (;;) {
    const sentBefore = item.sentBytes;
    try {
      const told = await sendOn(sending, { item, terms, file, hashes, signal });
      if (!wantsNewId(told.state, told.problem?.code)) return told;
      if (++tries > idleTriesMax) return told;
      startAnew(sending, item);
    } catch (error) {
      signal.throwIfAborted();
      // A file that can no longer be read looks like a network that is away.
      if (error instanceof NoAnswer) await file.slice(0, 1).arrayBuffer();
      tries = item.sentBytes > sentBefore ? 1 : tries + 1;
      await recover(sending, { item, error, tries, signal });
    }
  }
}

async function sendOn(
  { tus, onSent }: Sending,
  given: { item: Item; terms: Terms; file: Blob; hashes: FileHashes; signal: AbortSignal },
): Promise<Told> {
  const { item, file, hashes, signal } = given;
  const { uploadId } = item;
  const comesWhole = file.size <= partSizeBytes;
  const begun = await tus.begin(
    { uploadId, sizeBytes: file.size, metadata: metadataOf(given), ...(comesWhole && { body: file }) },
    signal,
    (bytes) => onSent(item, bytes),
  );
  let { offset, told } = begun;
  while (told === undefined || told.state === 'receiving') {
    const end = Math.min(file.size, offset - (offset % partSizeBytes) + partSizeBytes);
    const isWholePart = offset % partSizeBytes === 0;
    const from = offset;
    onSent(item, from);
    const answer = await tus.sendPart(
      {
        uploadId,
        offset: from,
        body: file.slice(from, end),
        sha256Base64: isWholePart ? hashes.parts[from / partSizeBytes] : undefined,
      },
      signal,
      (bytes) => onSent(item, from + bytes),
    );
    ({ offset, told } = answer);
  }
  return told;
}

async function recover(
  { rest, pauses, onTrouble, onChange }: Sending,
  { item, error, tries, signal }: { item: Item; error: unknown; tries: number; signal: AbortSignal },
): Promise<void> {
  const pauseMs = Math.min(pauses.maxMs, pauses.firstMs * 2 ** (tries - 1)) * (0.75 + Math.random() / 2);
  if (error instanceof NoAnswer) {
    onTrouble();
    return rest(pauseMs, signal);
  }
  if (!(error instanceof Refused)) throw error;
  const { status, code, retryAfterSeconds } = error;
  if (busy.has(status)) {
    onTrouble();
    return rest(retryAfterSeconds === undefined ? pauseMs : retryAfterSeconds * 1_000, signal);
  }
  if (tries > idleTriesMax) throw error;
  if (status === 404 || status === 410 || code === 'UPLOAD_ID_TAKEN') {
    // Of an event that is gone no new upload helps.
    if (status === 404 && code !== 'UPLOAD_NOT_FOUND') throw error;
    startAnew({ onChange }, item);
    return;
  }
  const mayPass = status >= 500 || status === 460 || code === 'UPLOAD_OFFSET_WRONG';
  if (!mayPass) throw error;
  await rest(pauseMs, signal);
}

function wantsNewId(state: Told['state'], code: string | undefined): boolean {
  return state === 'gone' || (state === 'refused' && code === 'FILE_CHECKSUM_WRONG');
}

function startAnew({ onChange }: Pick<Sending, 'onChange'>, item: Item): void {
  item.uploadId = crypto.randomUUID();
  onChange(item);
}

function metadataOf({ item, terms, hashes }: { item: Item; terms: Terms; hashes: FileHashes }) {
  return {
    fileName: nameOf(item.path),
    sha256: hashes.sha256,
    priceIdr: String(terms.priceIdr),
    sale: terms.sale,
    eventId: terms.eventId ?? '',
  };
}

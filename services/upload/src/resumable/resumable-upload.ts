import type { Selectable } from 'kysely';
import type { StoredRefusal, UploadSchema } from '../db/schema.ts';

export type ResumableUpload = Selectable<UploadSchema['resumable_uploads']>;
export type Part = Selectable<UploadSchema['resumable_parts']>;

/** Nobody goes on with an upload that was begun so long ago. */
export const expiresAfterSeconds = 24 * 3600;
/** What became of an upload is told for so long after its end. */
export const toldForSeconds = 7 * 24 * 3600;
/** A part that does not end the file has as many bytes at least: each is an object of its own. */
export const partSizeMinBytes = 64 * 1024;
/** Uploads that one creator may have begun and not ended. */
export const unfinishedMax = 1_000;

/** An upload of which bytes are to come. */
export interface Receiving {
  readonly uploadId: string;
  readonly sizeBytes: number;
  readonly offsetBytes: number;
  /** As the client sent it. */
  readonly metadata: string;
  readonly expiresAt: Date;
  /** By which this request holds the row; undefined of a file that comes whole with its creation, which has no row. */
  readonly holder: string | undefined;
}

/** What became of an upload whose bytes are all there. */
export type Outcome =
  | { readonly state: 'accepted' | 'duplicate'; readonly photoId: string }
  | { readonly state: 'refused'; readonly refusal: StoredRefusal };

/** An upload as its creator is told of it. */
export interface Told {
  readonly uploadId: string;
  /** What of its photo became is told with it: `processed` and `failed` are states of the photo. */
  readonly state: ResumableUpload['state'] | 'processed' | 'failed';
  /** False of one that is not theirs, or that nobody knows any more. */
  readonly isKnown: boolean;
  readonly sizeBytes: number;
  readonly offsetBytes: number;
  readonly metadata: string | null;
  readonly photoId: string | null;
  readonly refusal: StoredRefusal | null;
}

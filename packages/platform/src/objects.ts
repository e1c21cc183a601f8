import type { Readable } from 'node:stream';

/** Places apart from each other: paid-quality pixels, what may be shown, faces. All are private. */
export const buckets = ['originals', 'previews', 'selfies'] as const;
export type Bucket = (typeof buckets)[number];

/** Where an object lies; the key is random and yields nothing by itself. */
export interface ObjectRef {
  readonly bucket: Bucket;
  readonly key: string;
}

/** First and last byte, both included, counted from 0. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface ObjectReader {
  /** The whole object; throws ObjectMissing. */
  read(ref: ObjectRef): Promise<Buffer>;
  /** A path or a copy on this machine's disk, for readers that want a file; it must not be changed. */
  open(ref: ObjectRef, range?: ByteRange): Promise<{ stream: Readable; sizeBytes: number }>;
  /** The size of the whole object in bytes; throws ObjectMissing. */
  sizeOf(ref: ObjectRef): Promise<number>;
  exists(ref: ObjectRef): Promise<boolean>;
}

export interface ObjectWriter {
  /** Makes the buckets that are missing. */
  prepare(): Promise<void>;
  /**
   * Writes an object that is there wholly or not at all, also when the process dies. Nothing is ever overwritten: when
   * the key is taken already, the first object stays and the answer is false.
   */
  write(ref: ObjectRef, body: Readable | Buffer): Promise<boolean>;
  /** Deleting what is not there is no error. */
  delete(ref: ObjectRef): Promise<void>;
  /** Removes what processes that died left half written; what is being written stays. To be called now and then. */
  sweep(): Promise<void>;
}

export interface LinkOptions {
  readonly expiresAt: Date;
  readonly contentType: string;
  /** Shown inside the page when absent; else saved under this name. */
  readonly downloadName?: string;
}

export interface LinkSigner {
  /** A link that works until it expires, for whoever holds it: hand it out after a check of who asks. */
  sign(ref: ObjectRef, options: LinkOptions): Promise<string>;
}

export interface ObjectStore extends ObjectReader, ObjectWriter, LinkSigner {}

export class ObjectMissing extends Error {
  constructor() {
    super('the object is not there');
    this.name = 'ObjectMissing';
  }
}

/** 160 random bits under a folder of 256, e.g. "a7/x3k…"; says nothing of what the object is. */
export const keyPattern = /^[0-9a-f]{2}\/[0-9a-f]{40}$/;

import type { Readable } from 'node:stream';
import { Code, ConnectError } from '@connectrpc/connect';
import type { PartState } from '../process/readiness.ts';

/** The names of places that are apart from each other, all of them private: one at least. */
export type Buckets<Bucket extends string> = readonly [Bucket, ...Bucket[]];

/** Where an object lies; the key is random and yields nothing by itself. */
export interface ObjectRef<Bucket extends string = string> {
  readonly bucket: Bucket;
  readonly key: string;
}

/** First and last byte, both included, counted from 0. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface ObjectReader<Bucket extends string = string> {
  /** The whole object; throws ObjectMissing. */
  read(ref: ObjectRef<Bucket>): Promise<Buffer>;
  /** The bytes, or those of a range that are there, and the size of the whole object; throws ObjectMissing. */
  open(ref: ObjectRef<Bucket>, range?: ByteRange): Promise<{ stream: Readable; sizeBytes: number }>;
  /** The size of the whole object in bytes; throws ObjectMissing. */
  sizeOf(ref: ObjectRef<Bucket>): Promise<number>;
  /** Throws when it cannot be known. */
  exists(ref: ObjectRef<Bucket>): Promise<boolean>;
  /** `ready` when the storage answers, else `degraded`; never throws, and takes seconds at most. */
  state(): Promise<PartState>;
}

export interface ObjectWriter<Bucket extends string = string> {
  /** Makes the buckets that are missing; when the storage is away, a later write does. */
  prepare(): Promise<void>;
  /**
   * Writes an object that is there wholly or not at all, also when the process dies. Nothing is ever overwritten: when
   * the key is taken already, the first object stays and the answer is false. A stream is read to its end or destroyed.
   */
  write(ref: ObjectRef<Bucket>, body: Readable | Buffer): Promise<boolean>;
  /** The same with a file of this machine that nobody changes any more; where it can, the file itself becomes the object. */
  writeFile(ref: ObjectRef<Bucket>, file: string): Promise<boolean>;
  /** Deleting what is not there is no error. */
  delete(ref: ObjectRef<Bucket>): Promise<void>;
  /** Removes what processes that died left half written; what is being written stays. To be called now and then. */
  sweep(): Promise<void>;
}

export interface LinkOptions {
  readonly expiresAt: Date;
  readonly contentType: string;
  /** The time since which this same link is given to all who ask. Browsers keep its bytes until it ends; of other links they keep none. */
  readonly sharedSince?: Date;
  /** Shown inside the page when absent; else saved under this name. */
  readonly downloadName?: string;
}

export interface LinkSigner<Bucket extends string = string> {
  /** A link that works until it expires, for whoever holds it: hand it out after a check of who asks. */
  sign(ref: ObjectRef<Bucket>, options: LinkOptions): Promise<string>;
}

export interface ObjectStore<Bucket extends string = string>
  extends ObjectReader<Bucket>,
    ObjectWriter<Bucket>,
    LinkSigner<Bucket> {}

export interface ListedObject {
  readonly key: string;
  readonly sizeBytes: number;
  readonly modifiedAt: Date;
}

/** For the operator's tools; no service gets it. */
export interface ObjectLister<Bucket extends string = string> {
  /** All objects of a bucket, in the order of their keys' bytes; of what is written or deleted meanwhile it tells or not. */
  list(bucket: Bucket): AsyncIterable<ListedObject>;
}

export class ObjectMissing extends Error {
  constructor() {
    super('the object is not there');
    this.name = 'ObjectMissing';
  }
}

/** The object cannot be had or written now, for whatever reason: the edges answer "unavailable", jobs come again. */
export function storageAway(cause: unknown): ConnectError {
  return new ConnectError('the object storage is away', Code.Unavailable, undefined, undefined, cause);
}

/** 160 random bits under a folder of 256, e.g. "a7/x3k…"; says nothing of what the object is. */
export const keyPattern = /^[0-9a-f]{2}\/[0-9a-f]{40}$/;

import { open } from 'node:fs/promises';
import { PassThrough, pipeline, Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Clock } from '../process/clock.ts';
import type { PartState } from '../process/readiness.ts';
import { AtMost } from '../turns/at-most.ts';
import {
  type Buckets,
  type ByteRange,
  keyPattern,
  type LinkOptions,
  type ListedObject,
  type ObjectLister,
  ObjectMissing,
  type ObjectRef,
  type ObjectStore,
  storageAway,
} from './objects.ts';
import type { S3Env } from './objects-config.ts';
import { openS3Client } from './s3-client.ts';
import { describeS3Error, s3StatusOf } from './s3-errors.ts';
import { S3Links } from './s3-links.ts';
import { abortUploadsBefore, uploadStream } from './s3-parts.ts';

/** Requests that carry no object have so long for their answer. */
const quick = { requestTimeout: 5_000 };
/** What readiness asks is answered in so long, one way or the other; Consul waits twice as long for all parts together. */
const probeMaxMs = 1_000;
/** For all of an object; whoever sent it hears "unavailable" then. */
const writeMaxMs = 240_000;
/** Streams written at the same time, each with two parts in memory at most; others wait. */
const streamsAtOnceMax = 16;
const abandonedAfterMs = 3_600_000;

/**
 * Objects in private buckets of an S3 API, with presigned links. Whatever the storage says other than that there is no such
 * object, and when it says nothing, is thrown as a ConnectError with the code Unavailable and told to `onTrouble`.
 */
export class S3Objects<Bucket extends string = string> implements ObjectStore<Bucket>, ObjectLister<Bucket> {
  readonly #buckets: Buckets<Bucket>;
  readonly #client: S3Client;
  readonly #links: S3Links;
  readonly #prefix: string;
  readonly #onTrouble: (error: Error) => void;
  readonly #streams = new AtMost(streamsAtOnceMax);
  #prepared: Promise<void> | undefined;
  /** False once the storage has said that it does not know `If-None-Match` on writes. */
  #sendsCondition = true;

  constructor(
    buckets: Buckets<Bucket>,
    config: S3Env,
    { clock, onTrouble }: { clock: Clock; onTrouble: (error: Error) => void },
  ) {
    this.#buckets = buckets;
    this.#client = openS3Client(config);
    this.#links = new S3Links(this.#client, config, clock);
    this.#prefix = config.S3_BUCKET_PREFIX;
    this.#onTrouble = onTrouble;
  }

  async prepare(): Promise<void> {
    // A service starts without its storage all the same; the first write, or readiness, makes up for it.
    await this.#ensureBuckets().catch(() => undefined);
  }

  async state(): Promise<PartState> {
    const probe = new HeadBucketCommand({ Bucket: this.#nameOf(this.#buckets[0]) });
    const answer = this.#ensureBuckets()
      .then(() => this.#ask('HeadBucket', () => this.#client.send(probe, quick)))
      .then(
        (): PartState => 'ready',
        (): PartState => 'degraded',
      );
    return Promise.race([answer, delay<PartState>(probeMaxMs, 'degraded', { ref: false })]);
  }

  async read(ref: ObjectRef<Bucket>): Promise<Buffer> {
    const command = new GetObjectCommand(this.#target(ref));
    return this.#askObject('GetObject', async () => {
      const { Body } = await this.#client.send(command);
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    });
  }

  async open(ref: ObjectRef<Bucket>, range?: ByteRange): Promise<{ stream: Readable; sizeBytes: number }> {
    const wanted = range === undefined ? {} : { Range: `bytes=${range.start}-${range.end}` };
    const command = new GetObjectCommand({ ...this.#target(ref), ...wanted });
    const found = await this.#askObject('GetObject', () => this.#client.send(command).catch(emptyForNoRange));
    if (found === undefined) return { stream: Readable.from([]), sizeBytes: await this.sizeOf(ref) };
    if (!(found.Body instanceof Readable)) throw new Error('the body of an object is no stream of Node.js');
    const wholeSize = /\/(\d+)$/.exec(found.ContentRange ?? '')?.[1];
    return { stream: this.#watch(found.Body), sizeBytes: Number(wholeSize ?? found.ContentLength) };
  }

  async sizeOf(ref: ObjectRef<Bucket>): Promise<number> {
    const command = new HeadObjectCommand(this.#target(ref));
    const { ContentLength } = await this.#askObject('HeadObject', () => this.#client.send(command, quick));
    return ContentLength ?? 0;
  }

  async exists(ref: ObjectRef<Bucket>): Promise<boolean> {
    return this.sizeOf(ref).then(
      () => true,
      (error) => {
        if (error instanceof ObjectMissing) return false;
        throw error;
      },
    );
  }

  /**
   * Asks first whether the key is taken, which spares the bytes and is all there is with a storage that does not know
   * `If-None-Match`; then writes under that condition, which decides between two that write at once.
   */
  async write(ref: ObjectRef<Bucket>, body: Readable | Buffer): Promise<boolean> {
    const source = Buffer.isBuffer(body) ? undefined : new StreamSource(body);
    try {
      await this.#ensureBuckets();
      if (await this.exists(ref)) return false;
      return await this.#put(ref, source?.stream ?? body);
    } catch (error) {
      throw source?.failure === undefined ? error : source.failure.error;
    } finally {
      source?.close();
    }
  }

  async writeFile(ref: ObjectRef<Bucket>, file: string): Promise<boolean> {
    const handle = await open(file);
    return this.write(ref, handle.createReadStream());
  }

  async delete(ref: ObjectRef<Bucket>): Promise<void> {
    const command = new DeleteObjectCommand(this.#target(ref));
    await this.#ask('DeleteObject', () => this.#client.send(command, quick));
  }

  async sweep(): Promise<void> {
    const before = new Date(Date.now() - abandonedAfterMs);
    for (const bucket of this.#buckets) {
      await this.#ask('ListMultipartUploads', () => abortUploadsBefore(this.#client, this.#nameOf(bucket), before));
    }
  }

  async *list(bucket: Bucket): AsyncIterable<ListedObject> {
    let after: { StartAfter?: string } = {};
    for (;;) {
      const command = new ListObjectsV2Command({ Bucket: this.#nameOf(bucket), ...after });
      const { Contents = [], IsTruncated } = await this.#ask('ListObjectsV2', () => this.#client.send(command));
      for (const { Key = '', Size = 0, LastModified = new Date(0) } of Contents) {
        if (keyPattern.test(Key)) yield { key: Key, sizeBytes: Size, modifiedAt: LastModified };
        after = { StartAfter: Key };
      }
      if (IsTruncated !== true) return;
    }
  }

  async sign(ref: ObjectRef<Bucket>, options: LinkOptions): Promise<string> {
    const { Bucket, Key } = this.#target(ref);
    return this.#links.sign(Bucket, Key, options);
  }

  async #put(ref: ObjectRef<Bucket>, body: Readable | Buffer): Promise<boolean> {
    const target = { ...this.#target(ref), ...(this.#sendsCondition ? { IfNoneMatch: '*' } : {}) };
    const abortSignal = AbortSignal.timeout(writeMaxMs);
    try {
      if (Buffer.isBuffer(body)) {
        await this.#client.send(new PutObjectCommand({ ...target, Body: body }), { abortSignal });
      } else {
        await this.#streams.run(() => uploadStream(this.#client, target, body, abortSignal), abortSignal);
      }
      return true;
    } catch (error) {
      const status = s3StatusOf(error);
      if (status === 412) return false;
      if (status === 501) this.#sendsCondition = false;
      // Another wrote at the same moment; or the answer to the last step was lost, and it was asked for once more.
      if ((status === 409 || status === 404) && (await this.exists(ref))) return false;
      throw this.#away('PutObject', error);
    }
  }

  #ensureBuckets(): Promise<void> {
    this.#prepared ??= this.#ask('CreateBucket', () => this.#makeBuckets()).catch((error) => {
      this.#prepared = undefined;
      throw error;
    });
    return this.#prepared;
  }

  async #makeBuckets(): Promise<void> {
    for (const bucket of this.#buckets) {
      const target = { Bucket: this.#nameOf(bucket) };
      const lookUp = () => this.#client.send(new HeadBucketCommand(target), quick);
      const isMissing = await lookUp().then(() => false, unlessStatus(404));
      if (!isMissing) continue;
      const isTaken = await this.#client
        .send(new CreateBucketCommand(target), quick)
        .then(() => false, unlessStatus(409));
      // By another process of ours a moment ago, or else the look-up is refused.
      if (isTaken) await lookUp();
    }
  }

  /** A connection that breaks midway says as much of the storage as one that never stood. */
  #watch(body: Readable): Readable {
    const stream = new PassThrough();
    body.once('error', (error) => {
      if (!stream.destroyed) stream.destroy(this.#away('GetObject', error));
    });
    pipeline(body, stream, () => {});
    return stream;
  }

  async #askObject<T>(operation: string, run: () => Promise<T>): Promise<T> {
    return this.#ask(operation, () =>
      run().catch((error) => {
        throw s3StatusOf(error) === 404 && !isBucketMissing(error) ? new ObjectMissing() : error;
      }),
    );
  }

  async #ask<T>(operation: string, run: () => Promise<T>): Promise<T> {
    return run().catch((error) => {
      throw error instanceof ObjectMissing ? error : this.#away(operation, error);
    });
  }

  #away(operation: string, error: unknown): Error {
    if (isBucketMissing(error)) this.#prepared = undefined;
    this.#onTrouble(describeS3Error(operation, error));
    return storageAway(error);
  }

  #target({ bucket, key }: ObjectRef<Bucket>): { Bucket: string; Key: string } {
    if (!keyPattern.test(key)) throw new Error('not an object key');
    return { Bucket: this.#nameOf(bucket), Key: key };
  }

  #nameOf(bucket: Bucket): string {
    return `${this.#prefix}${bucket}`;
  }
}

/** A stream to be written, of which it is known whether it broke itself. */
class StreamSource {
  readonly stream: Readable;
  failure: { readonly error: unknown } | undefined;
  readonly #body: Readable;

  constructor(body: Readable) {
    this.#body = body;
    this.stream = Readable.from(this.#chunks(), { objectMode: false });
  }

  close(): void {
    this.stream.destroy();
    this.#body.destroy();
  }

  async *#chunks(): AsyncGenerator<Buffer> {
    try {
      yield* this.#body;
    } catch (error) {
      this.failure = { error };
      throw error;
    }
  }
}

function unlessStatus(status: number): (error: unknown) => true {
  return (error) => {
    if (s3StatusOf(error) !== status) throw error;
    return true;
  };
}

/** There is nothing in the range that was asked for. */
function emptyForNoRange(error: unknown): undefined {
  if (s3StatusOf(error) !== 416) throw error;
}

function isBucketMissing(error: unknown): boolean {
  return error instanceof Error && error.name === 'NoSuchBucket';
}

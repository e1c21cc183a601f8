import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { openS3Client } from '../objects/s3-client.ts';
import { describeS3Error, s3StatusOf } from '../objects/s3-errors.ts';
import { type EventJournal, JournalAway, type JournalEntry } from './event-journal.ts';
import type { S3JournalEnv } from './journal-config.ts';
import { entryFromText, entryToText } from './journal-entry.ts';

const suffix = '.json';
/** Nothing that is asked here is large. */
const quick = { requestTimeout: 5_000 };

/**
 * An object for each event, in a bucket of its own, which is made when it is not there. Give it versions and no right to
 * delete: nothing of ours takes an entry away.
 */
export class S3Journal implements EventJournal {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(config: S3JournalEnv, bucket: string) {
    this.#client = openS3Client(config);
    this.#bucket = bucket;
  }

  async append(entry: JournalEntry): Promise<void> {
    const put = () =>
      this.#client.send(
        new PutObjectCommand({
          Bucket: this.#bucket,
          Key: `${entry.eventId}${suffix}`,
          Body: entryToText(entry),
          ContentType: 'application/json',
        }),
        quick,
      );
    await put()
      .catch(async (error: unknown) => {
        if (s3StatusOf(error) !== 404) throw error;
        await this.#client.send(new CreateBucketCommand({ Bucket: this.#bucket }), quick);
        return put();
      })
      .catch(rethrow('PutObject'));
  }

  async *eventIds(): AsyncIterable<string> {
    let token: string | undefined;
    do {
      const page = await this.#client
        .send(new ListObjectsV2Command({ Bucket: this.#bucket, ContinuationToken: token }), quick)
        .catch((error: unknown) => (s3StatusOf(error) === 404 ? undefined : rethrow('ListObjectsV2')(error)));
      for (const { Key = '' } of page?.Contents ?? []) {
        if (Key.endsWith(suffix)) yield Key.slice(0, -suffix.length);
      }
      token = page?.IsTruncated === true ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  async read(eventId: string): Promise<JournalEntry> {
    const command = new GetObjectCommand({ Bucket: this.#bucket, Key: `${eventId}${suffix}` });
    const { Body } = await this.#client.send(command, quick).catch(rethrow('GetObject'));
    return entryFromText((await Body?.transformToString()) ?? '');
  }
}

function rethrow(operation: string): (error: unknown) => never {
  return (error) => {
    throw new JournalAway(describeS3Error(operation, error));
  };
}

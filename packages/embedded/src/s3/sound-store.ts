import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import S3Error from 's3rver/lib/models/error.js';
import FilesystemStore from 's3rver/lib/stores/filesystem.js';

/** Every part but the last, as S3 wants it. */
const partSizeMinBytes = 5 * 1024 * 1024;

/** An upload in parts that was begun and neither completed nor aborted. */
export interface OpenUpload {
  readonly key: string;
  readonly uploadId: string;
  readonly startedAt: Date;
}

/**
 * s3rver's store with what S3 promises and s3rver does not: an object shows once all of it stands on disk, parts belong to an
 * upload that was begun, and uploads in parts can be listed and aborted.
 */
export class SoundStore extends FilesystemStore {
  override async putObject(object: FilesystemStore.Incoming): Promise<FilesystemStore.Written> {
    const draft = path.join(this.getResourcePath(object.bucket, undefined, 'drafts'), randomBytes(12).toString('hex'));
    const target = this.getResourcePath(object.bucket, object.key, 'object');
    const written = await writeFile(draft, object.content);
    await mkdir(path.dirname(target), { recursive: true });
    await this.putMetadata(object.bucket, object.key, object.metadata, written.md5);
    await rename(draft, target);
    return written;
  }

  override async putPart(
    bucket: string,
    uploadId: string,
    partNumber: string | number,
    content: Readable,
  ): Promise<FilesystemStore.Written> {
    const folder = await this.#folderOf(bucket, uploadId);
    const draft = path.join(folder, `draft-${randomBytes(12).toString('hex')}`);
    const written = await writeFile(draft, content);
    await rename(draft, path.join(folder, String(Number(partNumber))));
    return written;
  }

  override async putObjectMultipart(
    bucket: string,
    uploadId: string,
    parts: readonly { number: number; etag: string }[],
  ): Promise<FilesystemStore.Written> {
    const folder = await this.#folderOf(bucket, uploadId);
    const files = parts.map(({ number }) => path.join(folder, String(number)));
    for (const [index, file] of files.entries()) {
      const size = await stat(file).then(
        (found) => found.size,
        () => undefined,
      );
      if (size === undefined) throw new S3Error('InvalidPart', 'A part is missing');
      if (size < partSizeMinBytes && index < files.length - 1)
        throw new S3Error('EntityTooSmall', 'A part is too small');
    }
    const key = await readFile(path.join(folder, 'key'), 'utf8');
    const metadata: Record<string, string> = JSON.parse(await readFile(path.join(folder, 'metadata'), 'utf8'));
    const written = await this.putObject({ bucket, key, content: Readable.from(joined(files)), metadata });
    await rm(folder, { recursive: true });
    return { ...written, md5: `${written.md5}-${parts.length}` };
  }

  /** The first byte alone, for which s3rver gives all of them. */
  override async getObject(
    bucket: string,
    key: string,
    options: { start?: number; end?: number },
  ): Promise<FilesystemStore.Stored | null> {
    if (options.start !== 0 || options.end !== 0) return super.getObject(bucket, key, options);
    const stored = await super.getObject(bucket, key, {});
    if (stored === null || stored.content === null) return stored;
    stored.content.destroy();
    stored.content = createReadStream(this.getResourcePath(bucket, key, 'object'), { start: 0, end: 0 });
    stored.range = { start: 0, end: 0 };
    return stored;
  }

  async listUploads(bucket: string): Promise<OpenUpload[]> {
    const folder = this.getResourcePath(bucket, undefined, 'uploads');
    const uploads: OpenUpload[] = [];
    for (const uploadId of await readdir(folder).catch(() => [])) {
      const file = path.join(folder, uploadId, 'key');
      uploads.push({ uploadId, key: await readFile(file, 'utf8'), startedAt: (await stat(file)).mtime });
    }
    return uploads;
  }

  async abortUpload(bucket: string, uploadId: string): Promise<void> {
    await rm(await this.#folderOf(bucket, uploadId), { recursive: true });
  }

  async #folderOf(bucket: string, uploadId: string): Promise<string> {
    const folder = path.join(this.getResourcePath(bucket, undefined, 'uploads'), uploadId);
    const isKnown = /^[0-9a-f]{32}$/.test(uploadId) && (await stat(folder).catch(() => undefined)) !== undefined;
    if (!isKnown) throw new S3Error('NoSuchUpload', 'The upload does not exist, was completed or aborted');
    return folder;
  }
}

async function* joined(files: readonly string[]): AsyncGenerator<Buffer> {
  for (const file of files) yield* createReadStream(file);
}

async function writeFile(file: string, content: Readable): Promise<FilesystemStore.Written> {
  const hash = createHash('md5');
  let size = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  await mkdir(path.dirname(file), { recursive: true });
  await pipeline(content, count, createWriteStream(file, { flags: 'wx' }));
  return { size, md5: hash.digest('hex') };
}

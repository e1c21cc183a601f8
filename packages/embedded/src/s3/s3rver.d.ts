/** The parts of s3rver that are used here; the package brings no types. */
declare module 's3rver' {
  import type { IncomingMessage, ServerResponse } from 'node:http';
  import type FilesystemStore from 's3rver/lib/stores/filesystem.js';

  class S3rver {
    constructor(options: { directory: string; silent: boolean; vhostBuckets: boolean });
    store: FilesystemStore;
    readonly context: { store: FilesystemStore };
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  }
  export = S3rver;
}

declare module 's3rver/lib/stores/filesystem.js' {
  import type { Readable } from 'node:stream';

  class FilesystemStore {
    constructor(folder: string);
    getBucketPath(bucket: string): string;
    getResourcePath(bucket: string, key: string | undefined, resource: string): string;
    getBucket(bucket: string): Promise<object | null>;
    existsObject(bucket: string, key: string): Promise<boolean>;
    getObject(
      bucket: string,
      key: string,
      options: { start?: number; end?: number },
    ): Promise<FilesystemStore.Stored | null>;
    listObjects(
      bucket: string,
      options: { maxKeys: number; startAfter: string; prefix: string },
    ): Promise<{ objects: readonly FilesystemStore.Listed[]; isTruncated: boolean }>;
    putMetadata(bucket: string, key: string, metadata: Readonly<Record<string, string>>, md5: string): Promise<void>;
    putObject(object: FilesystemStore.Incoming): Promise<FilesystemStore.Written>;
    putPart(
      bucket: string,
      uploadId: string,
      partNumber: string | number,
      content: Readable,
    ): Promise<FilesystemStore.Written>;
    putObjectMultipart(
      bucket: string,
      uploadId: string,
      parts: readonly { number: number; etag: string }[],
    ): Promise<FilesystemStore.Written>;
  }
  namespace FilesystemStore {
    interface Incoming {
      readonly bucket: string;
      readonly key: string;
      readonly content: Readable;
      readonly metadata: Readonly<Record<string, string>>;
    }
    interface Stored {
      content: Readable | null;
      range?: { start: number; end: number };
    }
    interface Listed {
      readonly key: string;
      readonly size: number;
      readonly lastModifiedDate: Date;
    }
    interface Written {
      readonly size: number;
      readonly md5: string;
    }
  }
  export = FilesystemStore;
}

declare module 's3rver/lib/models/error.js' {
  /** An error that s3rver answers as S3 does; the status follows from the code. */
  class S3Error extends Error {
    constructor(code: string, message: string);
    readonly code: string;
    readonly status: number;
    toXML(): string;
  }
  export = S3Error;
}

import type { S3Client } from '@aws-sdk/client-s3';
import { S3RequestPresigner } from '@aws-sdk/s3-request-presigner';
import type { Clock } from '../process/clock.ts';
import { contentDisposition } from './content-disposition.ts';
import type { LinkOptions } from './objects.ts';
import type { S3Env } from './objects-config.ts';

/**
 * Signs GET links (Signature Version 4 in the query). Without the SDK's own `getSignedUrl`, which runs the stack of a whole
 * request for each; a page may hold a hundred links.
 */
export class S3Links {
  readonly #presigner: S3RequestPresigner;
  readonly #endpoint: URL;
  readonly #isPathStyle: boolean;
  readonly #clock: Clock;

  constructor(client: S3Client, config: S3Env, clock: Clock) {
    const { region, credentials, sha256 } = client.config;
    this.#presigner = new S3RequestPresigner({ region, credentials, sha256 });
    this.#endpoint = new URL(
      config.S3_PUBLIC_ENDPOINT ?? config.S3_ENDPOINT ?? `https://s3.${config.S3_REGION}.amazonaws.com`,
    );
    this.#isPathStyle = config.S3_PATH_STYLE;
    this.#clock = clock;
  }

  /** The link ends at the second that `expiresAt` names, at most a week from now. `bucket` and `key` need no encoding. */
  async sign(bucket: string, key: string, options: LinkOptions): Promise<string> {
    const { expiresAt, contentType, sharedSince, downloadName } = options;
    const { protocol, port, hostname } = this.#endpoint;
    const endSeconds = Math.floor(expiresAt.getTime() / 1000);
    const signedAt = sharedSince ?? this.#clock.now();
    // A link that has ended already has lived for a second once.
    const signedAtSeconds = Math.min(Math.floor(signedAt.getTime() / 1000), endSeconds - 1);
    // An answer's `max-age` counts from the answer and would outlive a link that stays the same; `Expires` names the link's end.
    const caching: Record<string, string> =
      sharedSince === undefined
        ? { 'response-cache-control': 'private, no-store' }
        : { 'response-cache-control': 'private, immutable', 'response-expires': expiresAt.toUTCString() };
    const signed = await this.#presigner.presign(
      {
        method: 'GET',
        protocol,
        hostname: this.#isPathStyle ? hostname : `${bucket}.${hostname}`,
        ...(port === '' ? {} : { port: Number(port) }),
        path: this.#isPathStyle ? `/${bucket}/${key}` : `/${key}`,
        headers: {},
        query: {
          'response-content-type': contentType,
          'response-content-disposition': contentDisposition(downloadName),
          ...caching,
        },
      },
      { expiresIn: endSeconds - signedAtSeconds, signingDate: new Date(signedAtSeconds * 1000) },
    );
    const query = Object.entries(signed.query ?? {}).map(([name, value]) => `${encode(name)}=${encode(String(value))}`);
    return `${protocol}//${signed.hostname}${port === '' ? '' : `:${port}`}${signed.path}?${query.join('&')}`;
  }
}

/** As the signature has it (RFC 3986); a plus sign for a space, as forms have it, is another text to some servers. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

import { Readable } from 'node:stream';
import { Code } from '@connectrpc/connect';
import multipart from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { badRequest } from '../problems/bad-request.ts';
import { fieldIssue } from '../problems/field-problem.ts';
import { throwMachineFault } from '../problems/machine-fault.ts';
import { refusalError, refusalOf } from '../problems/refusal.ts';
import { holdsNul } from './holds-nul.ts';
import type { HttpApp } from './http-app.ts';
import { brokenOff } from './receiving.ts';

const fieldCountMax = 30;
const fieldNameMaxBytes = 100;
const fieldMaxBytes = 8 * 1024;
const partHeaderPairsMax = 20;
/** So many files above the limit of a form are named in the answer; the rest is not read. */
const leftOutMax = 1_000;

/** What a multipart form holds: fields first, then files. */
export interface FormShape<Fields extends z.ZodType> {
  readonly fields: Fields;
  /** The name under which the files come. */
  readonly fileField: string;
  readonly fileCountMax: number;
  readonly fileSizeMaxBytes: number;
  /** Files of another name that may come with them, before or after. */
  readonly besides?: { readonly field: string; readonly countMax: number; readonly sizeMaxBytes: number };
  /**
   * Called with each file above `fileCountMax`, for a route that answers files one by one; the file is read and thrown away. Without it
   * such a form is refused as a whole.
   */
  readonly leaveOut?: (fileName: string) => void;
}

export interface FormFile {
  /** The name of its field. */
  readonly field: string;
  /** As the client named it; empty when it did not. */
  readonly name: string;
  /** At most as many bytes of the file as it may have; the rest is thrown away. */
  readonly stream: Readable;
  /** Whether something was thrown away; known once the stream has ended. */
  isTruncated(): boolean;
}

/** Registers routes that take multipart forms; each reads its form with `readForm`. */
export function registerFormRoutes(app: HttpApp, routes: (app: HttpApp) => void): void {
  app.register(async (scope) => {
    await scope.register(multipart, { throwFileSizeLimit: false });
    routes(scope);
  });
}

/** How large one file of a form and all besides it may turn out, by what its request says of itself; the limit where it says nothing. */
export function fileSizeAtMost(
  request: FastifyRequest,
  { fileSizeMaxBytes, besides }: Pick<FormShape<z.ZodType>, 'fileSizeMaxBytes' | 'besides'>,
): number {
  const bodyBytes = Number(request.headers['content-length'] ?? Number.NaN);
  const maxBytes = fileSizeMaxBytes + (besides === undefined ? 0 : besides.countMax * besides.sizeMaxBytes);
  return Number.isSafeInteger(bodyBytes) ? Math.min(bodyBytes, maxBytes) : maxBytes;
}

/** For the schema of a route that reads a form: the body is described but left to `readForm`. */
export const formValidator = () => (value: unknown) => ({ value });

/**
 * Reads a form as it arrives and hands over each file, one after another; a file is never held in memory. The fields are
 * checked before the first file is taken, and what they name must stand before it. Throws what `take` throws, and a
 * refusal or a 400 for a form that is not as described.
 */
export async function readForm<Fields extends z.ZodType>(
  request: FastifyRequest,
  shape: FormShape<Fields>,
  take: (file: FormFile, fields: z.output<Fields>) => Promise<void>,
): Promise<void> {
  if (!request.isMultipart()) throw invalid('CONTENT_TYPE_UNSUPPORTED');
  const values: Record<string, unknown> = {};
  const extraMax = shape.leaveOut === undefined ? 1 : leftOutMax;
  const { besides } = shape;
  const fileCountMax = shape.fileCountMax + (besides?.countMax ?? 0);
  const parts = request.parts({
    limits: {
      fileSize: Math.max(shape.fileSizeMaxBytes, besides?.sizeMaxBytes ?? 0),
      // More than allowed, so that they are refused by name.
      files: fileCountMax + extraMax,
      fields: fieldCountMax,
      parts: fileCountMax + extraMax + fieldCountMax,
      fieldNameSize: fieldNameMaxBytes,
      fieldSize: fieldMaxBytes,
      headerPairs: partHeaderPairsMax,
    },
  });
  const signal = brokenOff(request);
  const givenUp = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  givenUp.catch(() => {});
  let fields: CheckedFields<Fields> | undefined;
  let [fileCount, besidesCount] = [0, 0];
  try {
    for (;;) {
      const { value: part, done } = await Promise.race([parts.next(), givenUp]).catch(rethrowMalformed);
      if (done) break;
      if (part.type === 'field') {
        if (fields !== undefined) throw invalid('FIELD_AFTER_FILE', { field: String(part.fieldname) });
        addField(values, part);
        continue;
      }
      fields ??= checkFields(shape.fields, values);
      const { file: stream, filename, fieldname: field } = part;
      const isBeside = field === besides?.field;
      if (!isBeside && field !== shape.fileField) throw invalid('FILE_FIELD_UNKNOWN', { field: shape.fileField });
      if (isBeside) besidesCount += 1;
      else fileCount += 1;
      if (besidesCount > (besides?.countMax ?? 0)) throw tooManyFiles(besides?.countMax ?? 0);
      if (fileCount > shape.fileCountMax) {
        if (shape.leaveOut === undefined) throw tooManyFiles(shape.fileCountMax);
        shape.leaveOut(filename ?? '');
        stream.resume();
        continue;
      }
      if (fields.error !== undefined) {
        // What is missing may stand behind the file, which is then said instead.
        stream.resume();
        continue;
      }
      const source = new PartSource(stream, signal, isBeside ? besides.sizeMaxBytes : shape.fileSizeMaxBytes);
      const isTruncated = () => stream.truncated || source.isCut;
      await take({ field, name: filename ?? '', stream: source.stream, isTruncated }, fields.value).catch((error) => {
        // The request broke off: whatever `take` made of that, it is the client's fault.
        if (source.failure !== undefined) rethrowMalformed(source.failure.error);
        throw error;
      });
    }
    fields ??= checkFields(shape.fields, values);
    if (fields.error !== undefined) throw fields.error;
    if (fileCount === 0) throw invalid('FILE_MISSING', { field: shape.fileField });
  } finally {
    // Many clients read the answer only after they have sent everything; the server's request timeout bounds that.
    request.raw.unpipe();
    request.raw.resume();
  }
}

function addField(
  values: Record<string, unknown>,
  part: { fieldname: string; value: unknown; valueTruncated: boolean },
) {
  if (Object.hasOwn(values, part.fieldname)) {
    throw invalid('FIELD_TWICE', { field: String(part.fieldname) });
  }
  if (part.valueTruncated) throw invalid('FIELD_TOO_LONG', { field: String(part.fieldname) });
  // What a browser sends for an input that was left empty.
  if (part.value !== '') values[part.fieldname] = part.value;
}

export type CheckedFields<Fields extends z.ZodType> =
  | { readonly value: z.output<Fields>; readonly error?: undefined }
  | { readonly error: Error };

/** Fields that came as texts. The error is the same as that of a JSON body that does not fit its schema. */
export function checkFields<Fields extends z.ZodType>(
  schema: Fields,
  values: Record<string, unknown>,
): CheckedFields<Fields> {
  const result = schema.safeParse(values);
  if (result.success && holdsNul(result.data)) return { error: nulInField() };
  if (result.success) return { value: result.data };
  const issues = (result.error?.issues ?? []).map((issue) => {
    const { code: keyword, path, message, ...params } = issue;
    return { keyword, instancePath: `/${path.join('/')}`, message, params };
  });
  return { error: badRequest('the fields do not fit', issues) };
}

function nulInField(): Error {
  return badRequest('a field holds the character NUL', [fieldIssue('/', 'FIELD_HOLDS_NUL')]);
}

/** Of a form that holds more files than it may. */
export function tooManyFiles(max: number): Error {
  return invalid('TOO_MANY_FILES', { max: String(max) });
}

function invalid(reason: string, params: Readonly<Record<string, string>> = {}): Error {
  return refusalError(Code.InvalidArgument, reason, params);
}

/**
 * A file's bytes, of which it is known whether the request broke off or their receiver gave up. A pipeline destroys its source
 * with whatever befell the target, so the source's own error tells nothing: a full disk would look like a broken form.
 */
class PartSource {
  readonly stream: Readable;
  failure: { readonly error: unknown } | undefined;
  /** Whether it had more bytes than it may have. */
  isCut = false;
  #leftBytes: number;

  /** `signal` aborts with what the request is broken off with. */
  constructor(part: Readable, signal: AbortSignal, sizeMaxBytes: number) {
    this.#leftBytes = sizeMaxBytes;
    signal.addEventListener('abort', () => part.destroy(signal.reason), { once: true });
    this.stream = Readable.from(this.#chunks(part), { objectMode: false });
  }

  async *#chunks(part: Readable): AsyncGenerator<Buffer> {
    const chunks: AsyncIterator<Buffer> = part[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await chunks.next().catch((error: unknown) => {
          this.failure = { error };
          throw error;
        });
        if (next.done) return;
        const kept = next.value.subarray(0, this.#leftBytes);
        this.isCut ||= kept.length < next.value.length;
        this.#leftBytes -= kept.length;
        // Read to its end all the same: the next part stands behind it.
        if (kept.length > 0) yield kept;
      }
    } finally {
      part.destroy();
    }
  }
}

function rethrowMalformed(error: unknown): never {
  if (refusalOf(error) !== undefined) throw error;
  if (error instanceof Error && 'statusCode' in error) throw error;
  throwMachineFault(error);
  throw badRequest('the multipart body is malformed', [], { cause: error });
}

import { Code } from '@connectrpc/connect';
import type { Refusal } from './refusal.ts';

export const locales = ['en', 'id'] as const;
export type Locale = (typeof locales)[number];

/**
 * One expected error: its gRPC code, and what a person reads. `{name}` in a text is filled from the refusal's params. The
 * param `extension`, a JSON object, becomes further fields of the problem document.
 */
export interface ProblemText {
  readonly code: Code;
  /** HTTP status where the gRPC code's own is too coarse, e.g. 413. */
  readonly status?: number;
  readonly en: string;
  readonly id: string;
}

export type ProblemCatalogue = Readonly<Record<string, ProblemText>>;

/** A problem document (RFC 9457); `code` is stable, `detail` is in the reader's language. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly requestId?: string;
  readonly [extension: string]: unknown;
}

const titles: Record<number, Record<Locale, string>> = {
  400: { en: 'Bad request', id: 'Permintaan tidak sah' },
  401: { en: 'Not signed in', id: 'Belum masuk' },
  403: { en: 'Not allowed', id: 'Tidak diizinkan' },
  404: { en: 'Not found', id: 'Tidak ditemukan' },
  408: { en: 'Too slow', id: 'Terlalu lambat' },
  409: { en: 'Conflict', id: 'Bertentangan' },
  410: { en: 'Gone', id: 'Sudah tidak ada' },
  412: { en: 'Other version', id: 'Versi lain' },
  413: { en: 'Too large', id: 'Terlalu besar' },
  414: { en: 'Address too long', id: 'Alamat terlalu panjang' },
  415: { en: 'Unsupported format', id: 'Format tidak didukung' },
  416: { en: 'No such part', id: 'Bagian tidak ada' },
  421: { en: 'Sent to another name', id: 'Dikirim ke nama lain' },
  422: { en: 'Cannot be processed', id: 'Tidak dapat diproses' },
  423: { en: 'In use', id: 'Sedang dipakai' },
  429: { en: 'Too many requests', id: 'Terlalu banyak permintaan' },
  460: { en: 'Damaged on the way', id: 'Rusak di jalan' },
  500: { en: 'Internal error', id: 'Kesalahan internal' },
  503: { en: 'Unavailable', id: 'Sedang tidak tersedia' },
  504: { en: 'Timed out', id: 'Waktu habis' },
  507: { en: 'No room left', id: 'Tempat penyimpanan penuh' },
};

/** The HTTP status of a gRPC code. A failed precondition is 422: the request is understood, the state forbids it. */
export function statusOf(code: Code): number {
  switch (code) {
    case Code.InvalidArgument:
    case Code.OutOfRange:
      return 400;
    case Code.Unauthenticated:
      return 401;
    case Code.PermissionDenied:
      return 403;
    case Code.NotFound:
      return 404;
    case Code.AlreadyExists:
    case Code.Aborted:
      return 409;
    case Code.FailedPrecondition:
      return 422;
    case Code.ResourceExhausted:
      return 429;
    case Code.Unavailable:
      return 503;
    case Code.DeadlineExceeded:
      return 504;
    default:
      return 500;
  }
}

/** The document for a refusal; one whose reason is not in the catalogue shows as INTERNAL. */
export function problemOf(refusal: Refusal, catalogue: ProblemCatalogue, locale: Locale): Problem {
  const text = catalogue[refusal.reason];
  if (text === undefined) return plainProblem(500, 'INTERNAL', catalogue, locale);
  const status = text.status ?? statusOf(refusal.code);
  const detail = text[locale].replace(/\{(\w+)\}/g, (_, name: string) => refusal.params[name] ?? '');
  const extension = extensionOf(refusal.params.extension);
  return { ...extension, type: 'about:blank', title: titleOf(status, locale), status, code: refusal.reason, detail };
}

function extensionOf(json: string | undefined): Readonly<Record<string, unknown>> {
  if (json === undefined) return {};
  const fields: unknown = JSON.parse(json);
  return typeof fields === 'object' && fields !== null && !Array.isArray(fields) ? { ...fields } : {};
}

export function plainProblem(status: number, code: string, catalogue: ProblemCatalogue, locale: Locale): Problem {
  return { type: 'about:blank', title: titleOf(status, locale), status, code, detail: catalogue[code]?.[locale] ?? '' };
}

function titleOf(status: number, locale: Locale): string {
  return titles[status]?.[locale] ?? titles[500]?.[locale] ?? '';
}

/** The first language of an Accept-Language header that we speak; English otherwise. */
export function localeOf(acceptLanguage: string | undefined): Locale {
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...params] = part.trim().toLowerCase().split(';');
      const q = params.map((param) => param.trim()).find((param) => param.startsWith('q='));
      return { language: tag.split('-')[0] ?? '', q: q === undefined ? 1 : Number(q.slice(2)) };
    })
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q);
  for (const { language } of wanted) {
    if (language === 'in') return 'id';
    const locale = locales.find((known) => known === language);
    if (locale !== undefined) return locale;
  }
  return 'en';
}

import { Code } from '@connectrpc/connect';
import type { ProblemCatalogue } from '@kilas/platform/problems/problem.ts';

export const commonProblems = {
  INTERNAL: {
    code: Code.Internal,
    en: 'Something went wrong on our side. Please try again.',
    id: 'Terjadi kesalahan di pihak kami. Silakan coba lagi.',
  },
  SERVICE_UNAVAILABLE: {
    code: Code.Unavailable,
    en: 'A part of the service is not available right now. Please try again in a moment.',
    id: 'Sebagian layanan sedang tidak tersedia. Silakan coba lagi sebentar lagi.',
  },
  DISK_FULL: {
    code: Code.Unavailable,
    status: 507,
    en: 'There is no room for files at the moment. Nothing of yours is lost. Please send it again in some minutes.',
    id: 'Saat ini tidak ada tempat untuk berkas. Tidak ada milik Anda yang hilang. Silakan kirim lagi beberapa menit lagi.',
  },
  ROUTE_NOT_FOUND: {
    code: Code.NotFound,
    en: 'There is nothing at this address.',
    id: 'Tidak ada apa pun di alamat ini.',
  },
  HOST_UNKNOWN: {
    code: Code.FailedPrecondition,
    status: 421,
    en: 'This service does not answer under the name that the request was sent to. Who runs it can add the name to ALLOWED_HOSTS.',
    id: 'Layanan ini tidak melayani nama yang dituju permintaan. Pengelolanya dapat menambahkan nama itu ke ALLOWED_HOSTS.',
  },
  REQUEST_INVALID: {
    code: Code.InvalidArgument,
    en: 'The request does not have the expected form.',
    id: 'Bentuk permintaan tidak sesuai.',
  },
  BODY_TOO_LARGE: {
    code: Code.InvalidArgument,
    status: 413,
    en: 'The request body is too large.',
    id: 'Isi permintaan terlalu besar.',
  },
  BODY_TOO_SLOW: {
    code: Code.DeadlineExceeded,
    status: 408,
    en: 'Too little of the request arrived: {bytesPerSecond} bytes a second are needed, and no pause may be longer than {idleSeconds} seconds. Please send it again where the connection is better; files that were accepted stay accepted.',
    id: 'Terlalu sedikit bagian permintaan yang tiba: dibutuhkan {bytesPerSecond} byte per detik, dan jeda tidak boleh lebih dari {idleSeconds} detik. Silakan kirim lagi saat koneksi lebih baik; berkas yang sudah diterima tetap tersimpan.',
  },
  CONTENT_TYPE_UNSUPPORTED: {
    code: Code.InvalidArgument,
    status: 415,
    en: 'This content type is not supported here.',
    id: 'Jenis konten ini tidak didukung di sini.',
  },
  TOO_MANY_REQUESTS: {
    code: Code.ResourceExhausted,
    en: 'Too many attempts. Please wait {retryAfterSeconds} seconds.',
    id: 'Terlalu banyak percobaan. Silakan tunggu {retryAfterSeconds} detik.',
  },
  TOKEN_MISSING: {
    code: Code.Unauthenticated,
    en: 'Please sign in: the request carries no access token.',
    id: 'Silakan masuk: permintaan tidak membawa token akses.',
  },
  TOKEN_INVALID: {
    code: Code.Unauthenticated,
    en: 'The access token is not valid. Please sign in again.',
    id: 'Token akses tidak sah. Silakan masuk lagi.',
  },
  TOKEN_EXPIRED: {
    code: Code.Unauthenticated,
    en: 'The access token has expired. Please refresh it.',
    id: 'Token akses sudah kedaluwarsa. Silakan perbarui.',
  },
  SESSION_ENDED: {
    code: Code.Unauthenticated,
    en: 'This session has ended. Please sign in again.',
    id: 'Sesi ini sudah berakhir. Silakan masuk lagi.',
  },
  CREATOR_REQUIRED: {
    code: Code.PermissionDenied,
    en: 'This is for creators. Become a creator first; it takes effect at once.',
    id: 'Ini untuk kreator. Jadilah kreator dulu; langsung berlaku.',
  },
  CONSENT_REQUIRED: {
    code: Code.PermissionDenied,
    en: 'Finding photos by face needs your consent first. Please read its text and agree to it.',
    id: 'Mencari foto lewat wajah memerlukan persetujuan Anda dulu. Silakan baca teksnya dan setujui.',
  },
  CONSENT_WITHDRAWN: {
    code: Code.FailedPrecondition,
    en: 'The consent for face recognition was withdrawn.',
    id: 'Persetujuan pengenalan wajah telah dicabut.',
  },
  PHOTO_NOT_FOUND: {
    code: Code.NotFound,
    en: 'There is no such photo, or you may not see it.',
    id: 'Foto tidak ada, atau Anda tidak boleh melihatnya.',
  },
  EVENT_NOT_FOUND: {
    code: Code.NotFound,
    en: 'There is no such event, or you may not see it.',
    id: 'Acara tidak ada, atau Anda tidak boleh melihatnya.',
  },
  IMAGE_BROKEN: {
    code: Code.FailedPrecondition,
    en: 'The image cannot be decoded; the file is damaged.',
    id: 'Gambar tidak dapat dibuka; berkas rusak.',
  },
  IMAGE_QUARANTINED: {
    code: Code.FailedPrecondition,
    en: 'Our programs stopped several times while they looked at this picture. It was put aside, and the people who run this service can see it.',
    id: 'Program kami berhenti beberapa kali saat memeriksa gambar ini. Gambar ini disisihkan, dan pengelola layanan dapat melihatnya.',
  },
} as const satisfies ProblemCatalogue;

import { Code } from '@connectrpc/connect';
import type { ProblemCatalogue } from '@kilas/platform/problems/problem.ts';

export const aiProblems = {
  AI_BUSY: {
    code: Code.Unavailable,
    en: 'Too many pictures are waiting right now. Please try again in {retryAfterSeconds} seconds.',
    id: 'Terlalu banyak gambar yang sedang diperiksa. Silakan coba lagi dalam {retryAfterSeconds} detik.',
  },
  FACECAM_MISMATCH: {
    code: Code.FailedPrecondition,
    en: 'This selfie does not show the person of your other selfies.',
    id: 'Swafoto ini tidak menampilkan orang yang sama dengan swafoto Anda yang lain.',
  },
  FACECAM_REJECTED: {
    code: Code.FailedPrecondition,
    en: 'This selfie is not good enough ({rejection}). Please take another one: one face, large, sharp and from the front.',
    id: 'Swafoto ini belum memadai ({rejection}). Silakan ambil lagi: satu wajah, besar, tajam, dan dari depan.',
  },
  FACECAM_FORGOTTEN: {
    code: Code.FailedPrecondition,
    en: 'This selfie was removed.',
    id: 'Swafoto ini sudah dihapus.',
  },
  IMAGE_TOO_LARGE: {
    code: Code.FailedPrecondition,
    en: 'The image has too many pixels.',
    id: 'Gambar memiliki terlalu banyak piksel.',
  },
} as const satisfies ProblemCatalogue;

import { Code } from '@connectrpc/connect';
import type { ProblemCatalogue } from '@kilas/platform/problems/problem.ts';

export const transactionProblems = {
  ORDER_NOT_FOUND: {
    code: Code.NotFound,
    en: 'There is no such order.',
    id: 'Pesanan tidak ada.',
  },
  ORDER_NOT_PENDING: {
    code: Code.Aborted,
    en: 'This order is no longer open: it was paid, cancelled or has expired.',
    id: 'Pesanan ini sudah tidak terbuka: sudah dibayar, dibatalkan, atau kedaluwarsa.',
  },
  ORDER_PHOTO_REPEATED: {
    code: Code.InvalidArgument,
    en: 'A photo is named twice. Each photo can be in an order once.',
    id: 'Sebuah foto disebut dua kali. Setiap foto hanya boleh sekali dalam satu pesanan.',
  },
  ORDER_OPEN_FOR_PHOTO: {
    code: Code.AlreadyExists,
    en: 'You already have an open order with this photo. Pay or cancel that one first.',
    id: 'Anda sudah memiliki pesanan terbuka dengan foto ini. Bayar atau batalkan dulu pesanan itu.',
  },
  ORDERS_OPEN_TOO_MANY: {
    code: Code.FailedPrecondition,
    en: 'You have too many open orders. Pay or cancel some of them first.',
    id: 'Pesanan terbuka Anda terlalu banyak. Bayar atau batalkan sebagian dulu.',
  },
  PHOTO_ALREADY_LICENSED: {
    code: Code.AlreadyExists,
    en: 'You have already bought this photo.',
    id: 'Anda sudah membeli foto ini.',
  },
  PHOTO_RESERVED: {
    code: Code.Aborted,
    en: 'Somebody else is paying for this photo right now. It may be free again in a few minutes.',
    id: 'Orang lain sedang membayar foto ini. Mungkin tersedia lagi dalam beberapa menit.',
  },
  PHOTO_HELD_UNPAID: {
    code: Code.ResourceExhausted,
    en: 'You have reserved this photo several times without paying for it. Others go first now; please try again later.',
    id: 'Anda sudah beberapa kali memesan foto ini tanpa membayarnya. Sekarang giliran orang lain; silakan coba lagi nanti.',
  },
  PHOTOS_HELD_TOO_MANY: {
    code: Code.ResourceExhausted,
    en: 'You can reserve {max} exclusive photos a day without paying for them. Pay for some of them, or try again later.',
    id: 'Anda dapat memesan {max} foto eksklusif sehari tanpa membayarnya. Bayar sebagian, atau coba lagi nanti.',
  },
  PRICE_CHANGED: {
    code: Code.Aborted,
    en: 'The prices have changed since the preview. Please look at the new ones.',
    id: 'Harga sudah berubah sejak pratinjau. Silakan lihat harga yang baru.',
  },
  IDEMPOTENCY_KEY_REQUIRED: {
    code: Code.InvalidArgument,
    en: 'An order needs the header Idempotency-Key: 8 to 128 visible ASCII characters, new for each order.',
    id: 'Pesanan memerlukan header Idempotency-Key: 8 sampai 128 karakter ASCII, baru untuk setiap pesanan.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    code: Code.AlreadyExists,
    en: 'This Idempotency-Key already belongs to another order. Use a new key for a new order.',
    id: 'Idempotency-Key ini sudah dipakai untuk pesanan lain. Gunakan kunci baru untuk pesanan baru.',
  },
  WEBHOOK_SIGNATURE_INVALID: {
    code: Code.PermissionDenied,
    en: 'The signature of this notification is missing, wrong or too old.',
    id: 'Tanda tangan pemberitahuan ini tidak ada, salah, atau terlalu lama.',
  },
  PAYMENT_MISMATCH: {
    code: Code.FailedPrecondition,
    en: 'The amount or the currency is not that of the order.',
    id: 'Jumlah atau mata uangnya tidak sesuai dengan pesanan.',
  },
  NOTHING_PURCHASED: {
    code: Code.NotFound,
    en: 'There are no bought photos to download. Buy photos first; an order has them once it is paid.',
    id: 'Belum ada foto yang dibeli untuk diunduh. Beli foto dahulu; foto tersedia setelah pesanan dibayar.',
  },
  TOO_MANY_PURCHASES: {
    code: Code.InvalidArgument,
    en: 'One archive holds at most {max} photos. Please download your photos order by order.',
    id: 'Satu arsip memuat paling banyak {max} foto. Silakan unduh foto Anda per pesanan.',
  },
  PURCHASE_NOT_FOUND: {
    code: Code.NotFound,
    en: 'You have not bought this photo.',
    id: 'Anda belum membeli foto ini.',
  },
} as const satisfies ProblemCatalogue;

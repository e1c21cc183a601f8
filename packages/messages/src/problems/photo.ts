import { Code } from '@connectrpc/connect';
import type { ProblemCatalogue } from '@kilas/platform/problems/problem.ts';

export const photoProblems = {
  PHOTO_OWN: {
    code: Code.FailedPrecondition,
    en: 'This is your own photo; creators do not buy their own photos.',
    id: 'Ini foto Anda sendiri; kreator tidak membeli fotonya sendiri.',
  },
  PHOTO_NOT_ON_SALE: {
    code: Code.FailedPrecondition,
    en: 'This photo is not on sale right now.',
    id: 'Foto ini sedang tidak dijual.',
  },
  PHOTO_SOLD: {
    code: Code.FailedPrecondition,
    en: 'This photo was sold. If it is exclusive, nobody else can buy it. Its creator can hide it, but not delete it.',
    id: 'Foto ini sudah terjual. Jika eksklusif, orang lain tidak dapat membelinya. Kreatornya dapat menyembunyikannya, tetapi tidak dapat menghapusnya.',
  },
  PHOTO_REMOVED: {
    code: Code.FailedPrecondition,
    en: 'This photo was removed by the operator and cannot be uploaded again.',
    id: 'Foto ini telah dihapus oleh operator dan tidak dapat diunggah lagi.',
  },
  PHOTO_DELETED: {
    code: Code.FailedPrecondition,
    en: 'You deleted this photo. Upload the file again to make a new photo of it.',
    id: 'Anda telah menghapus foto ini. Unggah lagi berkasnya untuk membuat foto baru.',
  },
  PRICE_OUT_OF_RANGE: {
    code: Code.InvalidArgument,
    en: 'The price must be a whole number of rupiah from 0 up to the limit.',
    id: 'Harga harus berupa bilangan bulat rupiah dari 0 sampai batas yang ditentukan.',
  },
  LIST_FULL: {
    code: Code.FailedPrecondition,
    en: 'This list is full. Take something out of it first.',
    id: 'Daftar ini penuh. Keluarkan sesuatu terlebih dahulu.',
  },
  EVENT_CREATORS_TOO_MANY: {
    code: Code.FailedPrecondition,
    en: 'An event takes {max} creators at most.',
    id: 'Satu acara menampung paling banyak {max} kreator.',
  },
  EVENT_INVITATION_NOT_FOUND: {
    code: Code.NotFound,
    en: 'You are not invited to this event; the invitation may have been withdrawn.',
    id: 'Anda tidak diundang ke acara ini; undangannya mungkin sudah ditarik.',
  },
  EVENT_INVITATION_DECLINED: {
    code: Code.FailedPrecondition,
    en: 'This creator declined. They can still accept by themselves.',
    id: 'Kreator ini menolak. Ia masih dapat menerima undangan atas kemauannya sendiri.',
  },
  EVENT_OWNER_STAYS: {
    code: Code.FailedPrecondition,
    en: 'The owner of an event cannot leave it.',
    id: 'Pemilik acara tidak dapat meninggalkan acaranya.',
  },
  TIME_ZONE_UNKNOWN: {
    code: Code.InvalidArgument,
    en: 'The time zone "{timeZone}" is not known. Use an IANA name such as Asia/Jakarta.',
    id: 'Zona waktu "{timeZone}" tidak dikenal. Gunakan nama IANA seperti Asia/Jakarta.',
  },
  EVENT_ENDS_BEFORE_START: {
    code: Code.InvalidArgument,
    en: 'The event ends before it starts.',
    id: 'Acara berakhir sebelum dimulai.',
  },
  EVENT_TOO_FAR_AHEAD: {
    code: Code.InvalidArgument,
    en: 'An event starts at most {days} days from now.',
    id: 'Acara dimulai paling lambat {days} hari dari sekarang.',
  },
  EVENT_TOO_LONG: {
    code: Code.InvalidArgument,
    en: 'An event lasts at most {days} days.',
    id: 'Acara berlangsung paling lama {days} hari.',
  },
  EVENT_NOT_EMPTY: {
    code: Code.Aborted,
    en: 'There are still photos in this event. Move or delete them first; photos that were sold stay, and the event with them.',
    id: 'Masih ada foto dalam acara ini. Pindahkan atau hapus dulu; foto yang sudah terjual tetap ada, begitu pula acaranya.',
  },
  EVENT_TIMES_FIXED: {
    code: Code.FailedPrecondition,
    en: 'The event has more than {max} photos, so its end and its time zone can no longer be changed. Make a new event and move the photos into it: their times are read anew there.',
    id: 'Acara ini memiliki lebih dari {max} foto sehingga akhir dan zona waktunya tidak dapat diubah lagi. Buat acara baru lalu pindahkan fotonya ke sana: waktunya akan dibaca ulang.',
  },
  CREATOR_NOT_FOUND: {
    code: Code.NotFound,
    en: 'There is no such creator.',
    id: 'Kreator tidak ditemukan.',
  },
} as const satisfies ProblemCatalogue;

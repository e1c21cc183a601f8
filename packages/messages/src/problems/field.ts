import { Code } from '@connectrpc/connect';
import type { ProblemCatalogue } from '@kilas/platform/problems/problem.ts';

const code = Code.InvalidArgument;

/** What does not fit in one field of a request: the members of `errors` in a problem document whose code is REQUEST_INVALID. */
export const fieldProblems = {
  FIELD_INVALID: { code, en: 'This does not have the expected form.', id: 'Bentuknya tidak sesuai.' },
  FIELD_MISSING: { code, en: 'This is missing.', id: 'Ini belum diisi.' },
  FIELD_BLANK: { code, en: 'This may not be blank.', id: 'Ini tidak boleh kosong.' },
  FIELD_UNKNOWN: { code, en: 'Not known here: {names}.', id: 'Tidak dikenal di sini: {names}.' },
  FIELD_INSTEAD: { code, en: 'Send this or {other}, not both.', id: 'Kirim ini atau {other}, jangan keduanya.' },
  FIELD_NOT_TEXT: { code, en: 'A text is expected.', id: 'Isian ini harus berupa teks.' },
  FIELD_NOT_NUMBER: { code, en: 'A number is expected.', id: 'Isian ini harus berupa bilangan.' },
  FIELD_NOT_WHOLE: { code, en: 'A whole number is expected.', id: 'Isian ini harus berupa bilangan bulat.' },
  FIELD_NOT_BOOLEAN: { code, en: 'True or false is expected.', id: 'Isian ini harus berupa true atau false.' },
  FIELD_NOT_LIST: { code, en: 'A list is expected.', id: 'Isian ini harus berupa daftar.' },
  FIELD_NOT_OBJECT: { code, en: 'A JSON object is expected.', id: 'Isian ini harus berupa objek JSON.' },
  FIELD_NOT_TIME: {
    code,
    en: 'A date and time with its offset is expected, e.g. 2026-05-01T07:30:00+07:00.',
    id: 'Isian ini harus berupa tanggal dan waktu dengan selisihnya, mis. 2026-05-01T07:30:00+07:00.',
  },
  FIELD_TIME_RANGE: {
    code,
    en: 'This time is out of range: the years 1900 to 2200 are possible, with all that follows from it.',
    id: 'Waktu ini di luar batas: yang dapat dipakai tahun 1900 sampai 2200, termasuk semua yang mengikutinya.',
  },
  FIELD_NOT_EMAIL: {
    code,
    en: "An e-mail address is expected. Before the @ it may have Latin letters, digits and . _ + - ' alone.",
    id: "Isian ini harus berupa alamat surel. Sebelum @ hanya boleh huruf Latin, angka, dan . _ + - '.",
  },
  FIELD_NOT_ID: { code, en: 'An id is expected.', id: 'Isian ini harus berupa ID.' },
  FIELD_NOT_ONE_OF: {
    code,
    en: 'One of these is expected: {values}.',
    id: 'Isian ini harus salah satu dari: {values}.',
  },
  FIELD_TOO_SHORT: { code, en: 'At least {min} letters are expected.', id: 'Paling sedikit {min} huruf.' },
  FIELD_TOO_MANY_LETTERS: { code, en: 'At most {max} letters are possible.', id: 'Paling banyak {max} huruf.' },
  FIELD_TOO_SMALL: { code, en: 'At least {min} is expected.', id: 'Paling kecil {min}.' },
  FIELD_TOO_BIG: { code, en: 'At most {max} is possible.', id: 'Paling besar {max}.' },
  FIELD_TOO_FEW: { code, en: 'At least {min} entries are expected.', id: 'Paling sedikit {min} isian.' },
  FIELD_TOO_MANY: { code, en: 'At most {max} entries are possible.', id: 'Paling banyak {max} isian.' },
  FIELD_HOLDS_NUL: {
    code,
    en: 'A text holds the character NUL, which nobody types.',
    id: 'Ada teks yang memuat karakter NUL, yang tidak mungkin diketik.',
  },
  FIELD_NOT_USERNAME: {
    code,
    en: 'A username has 3 to 30 of a–z, 0–9, "_" and ".".',
    id: 'Nama pengguna terdiri dari 3 sampai 30 karakter a–z, 0–9, "_" dan ".".',
  },
  FIELD_NOT_DEGREES: {
    code,
    en: 'A number of degrees is expected, e.g. -6.2.',
    id: 'Isian ini harus berupa bilangan derajat, mis. -6.2.',
  },
  FIELD_NOT_SHA256: {
    code,
    en: 'The SHA-256 of the file is expected, as 64 hex digits in small letters.',
    id: 'Isian ini harus berupa SHA-256 berkas, 64 digit heksadesimal dengan huruf kecil.',
  },
  FIELD_NOT_RUPIAH: {
    code,
    en: 'Whole rupiah are expected, e.g. 25000.',
    id: 'Isian ini harus berupa rupiah bulat, mis. 25000.',
  },
  FIELD_HALF_A_PLACE: {
    code,
    en: 'Latitude and longitude come together or not at all.',
    id: 'Lintang dan bujur harus diisi bersama atau tidak sama sekali.',
  },
  FIELD_NOT_CURSOR: {
    code,
    en: 'This is no `nextCursor` of this list.',
    id: 'Ini bukan `nextCursor` dari daftar ini.',
  },
  FIELD_NOT_SEGMENT: {
    code,
    en: 'This is no `segment` of a timeline. Ask for the timeline again.',
    id: 'Ini bukan `segment` dari linimasa. Muat ulang linimasanya.',
  },
  BODY_NOT_JSON: {
    code,
    en: 'The body is not valid JSON.',
    id: 'Isi permintaan bukan JSON yang sah.',
  },
  BODY_EMPTY: {
    code,
    en: 'The body is empty, although its content type says that it is JSON.',
    id: 'Isi permintaan kosong, padahal jenis kontennya JSON.',
  },
  BODY_LENGTH_WRONG: {
    code,
    en: 'The body is not as long as its Content-Length says.',
    id: 'Panjang isi permintaan tidak sesuai dengan Content-Length.',
  },
} as const satisfies ProblemCatalogue;

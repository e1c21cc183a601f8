import { Code } from '@connectrpc/connect';
import type { ProblemCatalogue } from '@kilas/platform/problems/problem.ts';

export const uploadProblems = {
  FIELD_AFTER_FILE: {
    code: Code.InvalidArgument,
    en: 'The field "{field}" stands after a file. Send all fields before the first file.',
    id: 'Kolom "{field}" berada setelah berkas. Kirim semua kolom sebelum berkas pertama.',
  },
  FIELD_TWICE: {
    code: Code.InvalidArgument,
    en: 'The field "{field}" was sent twice.',
    id: 'Kolom "{field}" dikirim dua kali.',
  },
  FIELD_TOO_LONG: {
    code: Code.InvalidArgument,
    en: 'The field "{field}" is too long.',
    id: 'Kolom "{field}" terlalu panjang.',
  },
  FILE_FIELD_UNKNOWN: {
    code: Code.InvalidArgument,
    en: 'Files are expected in the field "{field}".',
    id: 'Berkas harus dikirim dalam kolom "{field}".',
  },
  FILE_MISSING: {
    code: Code.InvalidArgument,
    en: 'The form holds no file. Send one in the field "{field}".',
    id: 'Formulir tidak berisi berkas. Kirim satu dalam kolom "{field}".',
  },
  TOO_MANY_FILES: {
    code: Code.InvalidArgument,
    en: 'Too many files: at most {max} in one request.',
    id: 'Terlalu banyak berkas: paling banyak {max} dalam satu permintaan.',
  },
  UPLOADS_BUSY: {
    code: Code.Unavailable,
    en: 'Too many uploads are running right now. Please try again in {retryAfterSeconds} seconds.',
    id: 'Terlalu banyak unggahan sedang berjalan. Silakan coba lagi dalam {retryAfterSeconds} detik.',
  },
  UPLOAD_NOT_FOUND: {
    code: Code.NotFound,
    en: 'There is no such upload. Please send the file again from the start.',
    id: 'Unggahan ini tidak ada. Silakan kirim ulang berkas dari awal.',
  },
  UPLOAD_GONE: {
    code: Code.NotFound,
    status: 410,
    en: 'This upload has expired or was cancelled. Please send the file again from the start.',
    id: 'Unggahan ini sudah kedaluwarsa atau dibatalkan. Silakan kirim ulang berkas dari awal.',
  },
  UPLOAD_ENDED: {
    code: Code.Aborted,
    en: 'This upload has ended already and cannot be cancelled. Delete the photo instead.',
    id: 'Unggahan ini sudah selesai dan tidak dapat dibatalkan. Hapus fotonya saja.',
  },
  UPLOAD_HELD: {
    code: Code.Unavailable,
    status: 423,
    en: 'Another request is sending this file. Please try again in {retryAfterSeconds} seconds.',
    id: 'Permintaan lain sedang mengirim berkas ini. Silakan coba lagi dalam {retryAfterSeconds} detik.',
  },
  UPLOAD_ID_TAKEN: {
    code: Code.AlreadyExists,
    en: 'This Idempotency-Key belongs to another file. Use a new one for each file.',
    id: 'Idempotency-Key ini sudah dipakai untuk berkas lain. Gunakan yang baru untuk setiap berkas.',
  },
  UPLOAD_OFFSET_WRONG: {
    code: Code.Aborted,
    en: 'Other bytes of this file are wanted next. Ask for the offset with HEAD, and go on from there.',
    id: 'Bagian lain dari berkas ini yang diperlukan berikutnya. Tanyakan posisinya dengan HEAD, lalu lanjutkan dari sana.',
  },
  UPLOAD_PART_TOO_SMALL: {
    code: Code.InvalidArgument,
    en: 'A part that does not end the file needs at least {minKibibytes} KiB. Please send larger parts.',
    id: 'Bagian yang bukan akhir berkas paling sedikit {minKibibytes} KiB. Silakan kirim bagian yang lebih besar.',
  },
  UPLOAD_CHECKSUM_UNKNOWN: {
    code: Code.InvalidArgument,
    en: 'Upload-Checksum needs "sha256" and the SHA-256 of the part in Base64.',
    id: 'Upload-Checksum harus berisi "sha256" dan SHA-256 bagian itu dalam Base64.',
  },
  UPLOAD_CHECKSUM_WRONG: {
    code: Code.InvalidArgument,
    status: 460,
    en: 'This part arrived damaged and was not kept. Please send it again.',
    id: 'Bagian ini rusak saat diterima dan tidak disimpan. Silakan kirim ulang.',
  },
  UPLOADS_UNFINISHED: {
    code: Code.ResourceExhausted,
    en: 'You have {max} unfinished uploads. Finish or cancel some of them first.',
    id: 'Anda memiliki {max} unggahan yang belum selesai. Selesaikan atau batalkan sebagian dahulu.',
  },
  FILE_CHECKSUM_WRONG: {
    code: Code.FailedPrecondition,
    en: 'The file that arrived is not the one that was announced. Please send it again from the start.',
    id: 'Berkas yang diterima berbeda dengan yang diumumkan. Silakan kirim ulang dari awal.',
  },
  FILE_EMPTY: {
    code: Code.InvalidArgument,
    en: 'The file is empty.',
    id: 'Berkas kosong.',
  },
  FILE_TOO_LARGE: {
    code: Code.InvalidArgument,
    status: 413,
    en: 'The file is too large: at most {maxMebibytes} MiB.',
    id: 'Berkas terlalu besar: paling besar {maxMebibytes} MiB.',
  },
  NOT_AN_IMAGE: {
    code: Code.InvalidArgument,
    status: 415,
    en: 'The file is not a picture that we can take. JPEG, PNG, WebP, AVIF and TIFF work.',
    id: 'Berkas ini bukan gambar yang dapat diterima. Gunakan JPEG, PNG, WebP, AVIF, atau TIFF.',
  },
  HEIC_NOT_SUPPORTED: {
    code: Code.InvalidArgument,
    status: 415,
    en: 'HEIC pictures are not supported. Export it as JPEG, or set the camera to "Most compatible".',
    id: 'Gambar HEIC tidak didukung. Ekspor sebagai JPEG, atau atur kamera ke "Paling Kompatibel".',
  },
  RAW_NOT_SUPPORTED: {
    code: Code.InvalidArgument,
    status: 415,
    en: 'Camera RAW files are not supported. Develop it to JPEG or TIFF first.',
    id: 'Berkas RAW kamera tidak didukung. Olah dulu menjadi JPEG atau TIFF.',
  },
  IMAGE_TRUNCATED: {
    code: Code.FailedPrecondition,
    en: 'The picture is not whole: its end is missing. Please send the whole file again.',
    id: 'Gambar terpotong: bagian akhirnya tidak ada. Silakan kirim ulang berkas secara utuh.',
  },
  IMAGE_TOO_MANY_PIXELS: {
    code: Code.FailedPrecondition,
    en: 'The picture has too many pixels: a file of this kind may have {maxMegapixels} megapixels at most.',
    id: 'Piksel gambar terlalu banyak: berkas jenis ini paling banyak {maxMegapixels} megapiksel.',
  },
  IMAGE_TOO_LONG: {
    code: Code.FailedPrecondition,
    en: 'One side of the picture is too long: at most {maxPixels} pixels.',
    id: 'Salah satu sisi gambar terlalu panjang: paling panjang {maxPixels} piksel.',
  },
  UPLOAD_NOT_FAILED: {
    code: Code.FailedPrecondition,
    en: 'Only a photo that failed can be tried again.',
    id: 'Hanya foto yang gagal yang dapat dicoba lagi.',
  },
  ORIGINAL_MISSING: {
    code: Code.FailedPrecondition,
    en: 'The stored file of this photo is gone. Please send it again.',
    id: 'Berkas foto ini sudah tidak tersimpan. Silakan kirim lagi.',
  },
  PROCESSING_FAILED: {
    code: Code.FailedPrecondition,
    en: 'The picture could not be processed, although it was tried several times. Please try again later.',
    id: 'Gambar tidak dapat diproses meskipun sudah dicoba beberapa kali. Silakan coba lagi nanti.',
  },
  UPLOAD_ABANDONED: {
    code: Code.FailedPrecondition,
    en: 'This upload was never completed.',
    id: 'Unggahan ini tidak pernah selesai.',
  },
  LINK_INVALID: {
    code: Code.PermissionDenied,
    en: 'This link is not valid, or it has expired.',
    id: 'Tautan ini tidak sah atau sudah kedaluwarsa.',
  },
  OBJECT_NOT_FOUND: {
    code: Code.NotFound,
    en: 'This file is no longer there.',
    id: 'Berkas ini sudah tidak ada.',
  },
  ARCHIVE_NOT_READY: {
    code: Code.Unavailable,
    en: 'Some of these photos are being prepared for their first download. Please try again in {retryAfterSeconds} seconds.',
    id: 'Beberapa foto ini sedang disiapkan untuk unduhan pertama. Silakan coba lagi dalam {retryAfterSeconds} detik.',
  },
  ARCHIVE_INCOMPLETE: {
    code: Code.FailedPrecondition,
    en: 'The file of one of these photos is missing. Please download the others one by one, and tell us about it.',
    id: 'Berkas salah satu foto ini hilang. Silakan unduh foto lainnya satu per satu, dan beri tahu kami.',
  },
  ARCHIVES_BUSY: {
    code: Code.Unavailable,
    en: 'Too many archives are being downloaded right now. Please try again in {retryAfterSeconds} seconds.',
    id: 'Terlalu banyak arsip sedang diunduh. Silakan coba lagi dalam {retryAfterSeconds} detik.',
  },
  RANGE_UNSATISFIABLE: {
    code: Code.OutOfRange,
    status: 416,
    en: 'The file has no bytes in this range.',
    id: 'Berkas tidak memiliki bita dalam rentang ini.',
  },
  FACECAM_NO_FACE: {
    code: Code.FailedPrecondition,
    en: 'We found no face in this selfie. In good light, hold the camera still at arm’s length and look into it.',
    id: 'Tidak ada wajah yang ditemukan pada swafoto ini. Di tempat terang, pegang kamera dengan stabil sejauh lengan dan tatap kameranya.',
  },
  FACECAM_MANY_FACES: {
    code: Code.FailedPrecondition,
    en: 'There is more than one face in this selfie. Take it alone, with your own face in the middle.',
    id: 'Ada lebih dari satu wajah pada swafoto ini. Ambil sendirian, dengan wajah Anda di tengah.',
  },
  FACECAM_CUT_OFF: {
    code: Code.FailedPrecondition,
    en: 'Your face reaches over the edge of this selfie. Move it into the middle, with some room around it.',
    id: 'Wajah Anda terpotong di tepi swafoto ini. Posisikan di tengah, dengan sedikit ruang di sekelilingnya.',
  },
  FACECAM_TOO_SMALL: {
    code: Code.FailedPrecondition,
    en: 'Your face is too small in this selfie. Come nearer to the camera.',
    id: 'Wajah Anda terlalu kecil pada swafoto ini. Mendekatlah ke kamera.',
  },
  FACECAM_TOO_BLURRY: {
    code: Code.FailedPrecondition,
    en: 'This selfie is blurred. Hold the camera still and wipe its lens.',
    id: 'Swafoto ini buram. Pegang kamera dengan stabil dan bersihkan lensanya.',
  },
  FACECAM_TOO_DARK: {
    code: Code.FailedPrecondition,
    en: 'This selfie is too dark. Turn towards the light.',
    id: 'Swafoto ini terlalu gelap. Menghadaplah ke arah cahaya.',
  },
  FACECAM_TOO_BRIGHT: {
    code: Code.FailedPrecondition,
    en: 'This selfie is too bright. Move out of the direct light.',
    id: 'Swafoto ini terlalu terang. Hindari cahaya langsung.',
  },
  FACECAM_NOT_FRONTAL: {
    code: Code.FailedPrecondition,
    en: 'Your face is not from the front in this selfie. Look straight into the camera.',
    id: 'Wajah Anda menyamping pada swafoto ini. Tatap lurus ke kamera.',
  },
  FACECAM_NOT_CLEAR: {
    code: Code.FailedPrecondition,
    en: 'Your eyes, nose and mouth are hard to see in this selfie. Uncover your face and take a new one.',
    id: 'Mata, hidung, dan mulut Anda sulit dikenali pada swafoto ini. Pastikan wajah tidak tertutup, lalu ambil yang baru.',
  },
  FACECAM_NOT_LIVE: {
    code: Code.FailedPrecondition,
    en: 'This selfie looks like a picture of a picture. Take it of yourself, with the camera, in even light.',
    id: 'Swafoto ini tampak seperti foto dari sebuah gambar. Ambil langsung diri Anda dengan kamera, di cahaya yang merata.',
  },
  FACECAM_NOT_THE_SAME_PERSON: {
    code: Code.FailedPrecondition,
    en: 'This selfie does not show the person of your other selfies. Remove those first if they are not you.',
    id: 'Swafoto ini bukan orang yang sama dengan swafoto Anda yang lain. Hapus dulu jika itu bukan Anda.',
  },
  FACECAM_FROM_A_PHOTO: {
    code: Code.FailedPrecondition,
    en: 'This picture is part of a photo of an event. Take a new one, with the camera.',
    id: 'Gambar ini bagian dari foto sebuah acara. Ambil yang baru, dengan kamera.',
  },
  FACECAM_CHALLENGE_REQUIRED: {
    code: Code.FailedPrecondition,
    en: 'A selfie needs a challenge with the camera here. Ask for a challenge first, and send its frames with the selfie.',
    id: 'Di sini swafoto diambil dengan kamera: minta tantangan dulu, lalu kirim gambar-gambarnya bersama swafoto.',
  },
  FACECAM_CHALLENGE_EXPIRED: {
    code: Code.FailedPrecondition,
    en: 'This challenge is over or was used. Ask for a new one.',
    id: 'Tantangan ini sudah berakhir atau sudah dipakai. Minta yang baru.',
  },
  FACECAM_CHALLENGE_FRAMES: {
    code: Code.InvalidArgument,
    en: 'Send the same number of frames for each step of the challenge, at most {max} in all.',
    id: 'Kirim jumlah gambar yang sama untuk setiap langkah tantangan, paling banyak {max} seluruhnya.',
  },
  FACECAM_CHALLENGE_UNCLEAR: {
    code: Code.FailedPrecondition,
    en: 'Step {step} of the challenge does not show one whole, sharp face in good light. Ask for a new challenge, and hold still in each position.',
    id: 'Langkah {step} dari tantangan tidak menunjukkan satu wajah yang utuh, tajam, dan cukup terang. Minta tantangan baru, dan tahan setiap posisi.',
  },
  FACECAM_CHALLENGE_OTHER_PERSON: {
    code: Code.FailedPrecondition,
    en: 'Step {step} of the challenge does not show the person of the selfie. Ask for a new challenge.',
    id: 'Langkah {step} dari tantangan tidak menunjukkan orang yang sama dengan swafoto. Minta tantangan baru.',
  },
  FACECAM_CHALLENGE_REPEATED: {
    code: Code.FailedPrecondition,
    en: 'Step {step} of the challenge shows a picture that was sent before. Ask for a new challenge, and take each picture with the camera.',
    id: 'Langkah {step} dari tantangan menunjukkan gambar yang sudah dikirim. Minta tantangan baru, dan ambil setiap gambar dengan kamera.',
  },
  FACECAM_CHALLENGE_NOT_FOLLOWED: {
    code: Code.FailedPrecondition,
    en: 'Step {step} of the challenge was not followed. Ask for a new one, and do what it asks, in its order.',
    id: 'Langkah {step} dari tantangan tidak diikuti. Minta yang baru, dan lakukan yang diminta sesuai urutannya.',
  },
  FACECAM_NOT_FOUND: {
    code: Code.NotFound,
    en: 'There is no such selfie.',
    id: 'Swafoto tidak ada.',
  },
  SELFIE_NOT_KEPT: {
    code: Code.NotFound,
    en: 'The picture of this selfie was not kept.',
    id: 'Gambar swafoto ini tidak disimpan.',
  },
  FACECAM_CHANGES_EXHAUSTED: {
    code: Code.ResourceExhausted,
    en: 'You have added {max} selfies within 30 days, which is the limit. Please wait until the oldest is 30 days old.',
    id: 'Anda sudah menambahkan {max} swafoto dalam 30 hari, yaitu batasnya. Tunggu sampai yang terlama berumur 30 hari.',
  },
} as const satisfies ProblemCatalogue;

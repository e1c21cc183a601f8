import type { Locale } from '@kilas/platform/problem.ts';

/** The version of the text below. Whoever changes the text changes the version: members are asked again. */
export const consentVersion = '2026-11-01';

/** What a member agrees to before any template of their face exists. */
export const consentText = {
  en: [
    'I agree that Kilas makes a face template from the selfie that I take and compares it with the faces in event photos, so that I find the photos in which I appear.',
    'A face template is biometric data. It is used for nothing else, is given to nobody, and nobody else can search with it.',
    'The selfie is deleted once the template exists, unless I ask to keep it.',
    'I may withdraw this consent at any time. My selfies, my templates, my matches and the faces in photos that were matched to me are then erased within minutes, and I get a receipt of what was removed. Photos that I bought stay mine.',
  ].join('\n\n'),
  id: [
    'Saya setuju Kilas membuat templat wajah dari swafoto saya dan membandingkannya dengan wajah-wajah dalam foto acara, agar saya menemukan foto yang menampilkan saya.',
    'Templat wajah adalah data biometrik. Templat ini tidak dipakai untuk hal lain, tidak diberikan kepada siapa pun, dan orang lain tidak dapat mencari dengannya.',
    'Swafoto dihapus setelah templat dibuat, kecuali saya meminta untuk menyimpannya.',
    'Saya dapat mencabut persetujuan ini kapan saja. Swafoto, templat, kecocokan saya, dan wajah dalam foto yang dicocokkan dengan saya lalu dihapus dalam hitungan menit, dan saya menerima tanda terima tentang apa yang dihapus. Foto yang sudah saya beli tetap milik saya.',
  ].join('\n\n'),
} as const satisfies Record<Locale, string>;

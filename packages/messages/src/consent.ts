import type { Locale } from '@kilas/platform/problems/problem.ts';

/** The version of the text below. Whoever changes the text changes the version: members are asked again. */
export const consentVersion = '2026-12-01';

/** The first version that speaks of templates made of faces in photos. Versions are dates, and each later text speaks of them too. */
const confirmedFacesSince = '2026-11-30';

/** Whether who agreed to this version agreed that a face which they confirm in a photo becomes a template of theirs. */
export function coversConfirmedFaces(version: string): boolean {
  return version >= confirmedFacesSince;
}

/** What a member agrees to before any template of their face exists. */
export const consentText = {
  en: [
    'I agree that Kilas makes a face template from the selfie that I take and compares it with the faces in event photos, so that I find the photos in which I appear.',
    'A face template is biometric data. It is used for nothing else, is given to nobody, and nobody else can search with it.',
    'When I enrol a selfie, its template is also compared with those of other members: if another account has enrolled a face very like mine, both of us are told, without a name.',
    'When I say of a face in an event photo that it is me, a template may be made of that face too, under the same terms, and it is erased when I withdraw this consent.',
    'The selfie is deleted once the template exists, unless I ask to keep it.',
    'I may withdraw this consent at any time. My selfies, my templates, my matches, and what is in my lists only because my face was found in it, are then erased within minutes.',
    'The faces in photos that are likely mine are erased too, unless another member is found by them: at once where it was proven when I enrolled that a person was before the camera. Otherwise nothing leads from me to them any more, and they are erased after seven days, unless another member is found by them by then.',
    'I get a receipt of what was removed, from where and when, and until when the rest is. Photos that I bought stay mine.',
  ].join('\n\n'),
  id: [
    'Saya setuju Kilas membuat templat wajah dari swafoto saya dan membandingkannya dengan wajah-wajah dalam foto acara, agar saya menemukan foto yang menampilkan saya.',
    'Templat wajah adalah data biometrik. Templat ini tidak dipakai untuk hal lain, tidak diberikan kepada siapa pun, dan orang lain tidak dapat mencari dengannya.',
    'Ketika saya mendaftarkan swafoto, templatnya juga dibandingkan dengan templat anggota lain: jika akun lain telah mendaftarkan wajah yang sangat mirip dengan wajah saya, kami berdua diberi tahu, tanpa nama.',
    'Ketika saya menyatakan bahwa wajah dalam foto acara adalah wajah saya, templat juga dapat dibuat dari wajah itu, dengan ketentuan yang sama, dan templat itu dihapus ketika saya mencabut persetujuan ini.',
    'Swafoto dihapus setelah templat dibuat, kecuali saya meminta untuk menyimpannya.',
    'Saya dapat mencabut persetujuan ini kapan saja. Swafoto, templat, kecocokan saya, dan apa pun dalam daftar saya yang ada hanya karena wajah saya ditemukan di dalamnya, lalu dihapus dalam hitungan menit.',
    'Wajah dalam foto yang kemungkinan besar milik saya juga dihapus, kecuali ada anggota lain yang ditemukan melalui wajah itu: seketika jika saat pendaftaran terbukti bahwa seseorang berada di depan kamera. Jika tidak, tidak ada lagi yang menghubungkan saya dengan wajah itu, dan wajah itu dihapus setelah tujuh hari, kecuali hingga saat itu ada anggota lain yang ditemukan melalui wajah itu.',
    'Saya menerima tanda terima tentang apa yang dihapus, dari mana, dan kapan, serta kapan sisanya akan dihapus. Foto yang sudah saya beli tetap milik saya.',
  ].join('\n\n'),
} as const satisfies Record<Locale, string>;

import { messages, plural } from '../../../../i18n/messages.ts';

export const receiptTexts = messages({
  en: {
    title: 'Receipt of your withdrawal',
    requested: (moment: string) => `You withdrew your consent on ${moment}.`,
    running:
      'We are erasing what was known of your face. This page brings itself up to date; you can also come back later.',
    done: 'Everything that goes at once is erased.',
    steps: {
      requested: 'Withdrawn',
      unsearchable: 'No search finds you any more',
      gone: 'Erased from the databases',
      completed: 'Complete',
    },
    pending: 'under way',
    notReached: 'not reached',
    removed: 'What was removed',
    nothing: 'There was nothing of your face to remove here.',
    places: {
      ai: 'Recognition of faces',
      photo: 'Photos',
      upload: 'Selfies',
      user: 'Your account',
      journal: 'Journal of erasures',
    },
    kinds: {
      templates: (count: number) => plural(count, 'template of your face', 'templates of your face'),
      faces: (count: number) => plural(count, 'face in a photo', 'faces in photos'),
      matches: (count: number) => plural(count, 'match', 'matches'),
      keptPhotos: (count: number) => plural(count, 'photo in your lists', 'photos in your lists'),
      facecams: (count: number) => plural(count, 'selfie', 'selfies'),
      selfies: (count: number) => plural(count, 'picture of a selfie', 'pictures of selfies'),
      notifications: (count: number) => plural(count, 'notice about your face', 'notices about your face'),
      likenesses: (count: number) => plural(count, 'likeness to another account', 'likenesses to other accounts'),
      entries: (count: number) => `${plural(count, 'entry', 'entries')} added: that you withdrew, and when`,
    },
    other: (kind: string, count: string) => `${count} × ${kind}`,
    removedAt: (moment: string) => `removed ${moment}`,
    cutOff: 'Faces that wait',
    cutOffText: (faces: string, until: string) =>
      `${faces} in photos were likely yours, but it was not proven that you were before the camera. Since then nothing leads from you to them. They are erased on ${until}, unless another member is found by them.`,
    cutOffGone: (faces: string, moment: string) => `${faces} in photos that waited were erased on ${moment}.`,
    faces: (count: number) => plural(count, 'face', 'faces'),
    probe: (count: number) =>
      `Afterwards we searched for ${plural(count, 'erased template or face', 'erased templates and faces')}: none was found.`,
    survivors: (count: number) =>
      `${plural(count, 'erased face is', 'erased faces are')} still found. We know of it and are working on it.`,
    keep: 'Keep this address: the receipt stays here.',
    toAccount: 'To my account',
  },
  id: {
    title: 'Tanda terima pencabutan',
    requested: (moment: string) => `Anda mencabut persetujuan pada ${moment}.`,
    running:
      'Kami sedang menghapus semua yang diketahui tentang wajah Anda. Halaman ini memperbarui diri sendiri; Anda juga dapat kembali nanti.',
    done: 'Semua yang dihapus seketika sudah terhapus.',
    steps: {
      requested: 'Dicabut',
      unsearchable: 'Tidak ada pencarian yang menemukan Anda lagi',
      gone: 'Terhapus dari basis data',
      completed: 'Selesai',
    },
    pending: 'sedang berjalan',
    notReached: 'belum tercapai',
    removed: 'Yang dihapus',
    nothing: 'Tidak ada apa pun tentang wajah Anda yang perlu dihapus di sini.',
    places: {
      ai: 'Pengenalan wajah',
      photo: 'Foto',
      upload: 'Swafoto',
      user: 'Akun Anda',
      journal: 'Jurnal penghapusan',
    },
    kinds: {
      templates: (count: number) => `${count} templat wajah Anda`,
      faces: (count: number) => `${count} wajah dalam foto`,
      matches: (count: number) => `${count} kecocokan`,
      keptPhotos: (count: number) => `${count} foto dalam daftar Anda`,
      facecams: (count: number) => `${count} swafoto`,
      selfies: (count: number) => `${count} gambar swafoto`,
      notifications: (count: number) => `${count} pemberitahuan tentang wajah Anda`,
      likenesses: (count: number) => `${count} kemiripan dengan akun lain`,
      entries: (count: number) => `${count} catatan ditambahkan: bahwa Anda mencabut, dan kapan`,
    },
    other: (kind: string, count: string) => `${count} × ${kind}`,
    removedAt: (moment: string) => `dihapus ${moment}`,
    cutOff: 'Wajah yang menunggu',
    cutOffText: (faces: string, until: string) =>
      `${faces} dalam foto kemungkinan milik Anda, tetapi tidak terbukti bahwa Anda berada di depan kamera. Sejak itu tidak ada lagi yang menghubungkan Anda dengannya. Wajah itu dihapus pada ${until}, kecuali ada anggota lain yang ditemukan melaluinya.`,
    cutOffGone: (faces: string, moment: string) => `${faces} dalam foto yang menunggu sudah dihapus pada ${moment}.`,
    faces: (count: number) => `${count} wajah`,
    probe: (count: number) =>
      `Setelah itu kami mencari ${count} templat dan wajah yang dihapus: tidak ada yang ditemukan.`,
    survivors: (count: number) => `${count} wajah yang dihapus masih ditemukan. Kami tahu dan sedang menanganinya.`,
    keep: 'Simpan alamat ini: tanda terima tetap ada di sini.',
    toAccount: 'Ke akun saya',
  },
});

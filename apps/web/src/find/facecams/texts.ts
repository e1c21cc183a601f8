import { messages } from '../../i18n/messages.ts';

export const facecamTexts = messages({
  en: {
    title: 'Your selfies',
    text: 'Kilas finds you by these, up to five. More of them, in other light or with other glasses, find more.',
    none: 'No selfie yet. Without one nobody is found.',
    taken: (day: string) => `Taken on ${day}`,
    status: { pending: 'Being read', ready: 'In use', failed: 'Not used' },
    proven: 'Live before the camera',
    remove: 'Delete',
    removeTitle: 'Delete this selfie?',
    removeText:
      'Its face template is deleted and finds no more photos. What it found stays; to erase that too, withdraw your consent in your profile.',
    keep: 'Keep it',
    removed: 'The selfie is deleted.',
    add: 'Add a selfie',
  },
  id: {
    title: 'Swafoto Anda',
    text: 'Kilas menemukan Anda dengan ini, paling banyak lima. Swafoto lain, dengan cahaya atau kacamata lain, menemukan lebih banyak.',
    none: 'Belum ada swafoto. Tanpa swafoto tidak ada yang ditemukan.',
    taken: (day: string) => `Diambil ${day}`,
    status: { pending: 'Sedang dibaca', ready: 'Dipakai', failed: 'Tidak dipakai' },
    proven: 'Langsung di depan kamera',
    remove: 'Hapus',
    removeTitle: 'Hapus swafoto ini?',
    removeText:
      'Templat wajahnya dihapus dan tidak menemukan foto lagi. Yang sudah ditemukan tetap ada; untuk menghapusnya juga, cabut persetujuan di profil Anda.',
    keep: 'Simpan',
    removed: 'Swafoto sudah dihapus.',
    add: 'Tambah swafoto',
  },
});

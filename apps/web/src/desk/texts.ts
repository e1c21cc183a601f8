import { messages } from '../i18n/messages.ts';

export const deskTexts = messages({
  en: {
    title: 'Desk',
    refusedTitle: 'This room is for operators',
    refusedText: 'Only those who run this installation work here. Your account is not one of theirs.',
    toHome: 'To the home page',
    intro: 'Operating Kilas is done by commands on the machine for now. These are the ones you need..',
    commands: {
      jobs: 'Jobs that failed and wait for a person',
      reconcile: 'Compare what the services hold, and repair it',
      quarantine: 'Pictures that killed a process, and letting them go',
      backup: 'Back up all databases',
      restore: 'Bring a backup back',
      secrets: 'Change the secrets of the installation',
    },
    runbooks: 'What to do when an alert rings stands in docs/runbooks of the source.',
    api: 'Reference of the API',
  },
  id: {
    title: 'Meja operator',
    refusedTitle: 'Ruang ini untuk operator',
    refusedText: 'Hanya pengelola instalasi ini yang bekerja di sini. Akun Anda tidak termasuk.',
    toHome: 'Ke halaman utama',
    intro: 'Untuk saat ini Kilas dikelola dengan perintah di mesinnya. Inilah yang Anda perlukan..',
    commands: {
      jobs: 'Pekerjaan yang gagal dan menunggu seseorang',
      reconcile: 'Membandingkan isi semua layanan, dan memperbaikinya',
      quarantine: 'Gambar yang mematikan proses, dan pembebasannya',
      backup: 'Mencadangkan semua basis data',
      restore: 'Mengembalikan cadangan',
      secrets: 'Mengganti rahasia instalasi',
    },
    runbooks: 'Apa yang dilakukan saat peringatan berbunyi tertulis di docs/runbooks pada kode sumber.',
    api: 'Rujukan API',
  },
});

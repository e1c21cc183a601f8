import { messages } from '../../i18n/messages.ts';

export const landingTexts = messages({
  en: {
    title: 'Kilas',
    headline: 'You were there. Somebody took your photo.',
    text: 'Show your face once, and Kilas finds the photos you are in. Only you see which ones are yours.',
    findMe: 'Find me',
    orEvent: 'or open your event',
    events: 'Events',
    none: 'No public event yet',
    noneText: 'If you have the link of an event, open it. Otherwise come back after it.',
    more: 'Show more events',
  },
  id: {
    title: 'Kilas',
    headline: 'Anda ada di sana. Ada yang memotret Anda.',
    text: 'Tunjukkan wajah sekali, dan Kilas menemukan foto-foto Anda. Hanya Anda yang tahu mana foto Anda.',
    findMe: 'Temukan saya',
    orEvent: 'atau buka acara Anda',
    events: 'Acara',
    none: 'Belum ada acara publik',
    noneText: 'Jika Anda punya tautan acara, buka tautannya. Jika belum, kembalilah setelah acaranya.',
    more: 'Tampilkan acara lain',
  },
});

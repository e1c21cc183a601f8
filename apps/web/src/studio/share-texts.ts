import { messages } from '../i18n/messages.ts';

export const shareTexts = messages({
  en: {
    title: 'Link to the event',
    hint: 'Send it to those who were there.',
    share: 'Share',
    invite: (name: string) => `Find your photos of ${name}:`,
  },
  id: {
    title: 'Tautan ke acara',
    hint: 'Kirimkan kepada mereka yang hadir.',
    share: 'Bagikan',
    invite: (name: string) => `Temukan foto Anda dari ${name}:`,
  },
});

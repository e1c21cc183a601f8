import { messages } from '../../../i18n/messages.ts';

export const newEventTexts = messages({
  en: { title: 'New event', create: 'Make the event', created: 'The event is there. Now upload its photos.' },
  id: { title: 'Acara baru', create: 'Buat acara', created: 'Acara sudah dibuat. Sekarang unggah fotonya.' },
});

import { messages } from '../../i18n/messages.ts';

export const eventsTexts = messages({
  en: {
    title: 'My events',
    emptyTitle: 'No event yet',
    emptyText: 'An event gathers the photos of one day and place, so that those who were there can find themselves.',
  },
  id: {
    title: 'Acara saya',
    emptyTitle: 'Belum ada acara',
    emptyText: 'Acara mengumpulkan foto dari satu hari dan tempat, agar mereka yang hadir dapat menemukan dirinya.',
  },
});

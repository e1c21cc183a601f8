import { formatOf } from '../../i18n/format.ts';
import { messages, plural } from '../../i18n/messages.ts';

const indonesian = formatOf('id');

export const eventTexts = messages({
  en: {
    photos: (count: number) => plural(count, 'photo', 'photos'),
    findMe: 'Find me',
    by: (names: string) => `Photos by ${names}`,
    and: (count: number) => `and ${count} more`,
  },
  id: {
    photos: (count: number) => `${indonesian.number(count)} foto`,
    findMe: 'Temukan saya',
    by: (names: string) => `Foto oleh ${names}`,
    and: (count: number) => `dan ${count} lainnya`,
  },
});

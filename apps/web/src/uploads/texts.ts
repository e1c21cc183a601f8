import { messages, plural } from '../i18n/messages.ts';

export const uploadsTexts = messages({
  en: {
    going: (left: number) => `${plural(left, 'photo', 'photos')} left to upload`,
    making: (left: number) => `${plural(left, 'photo', 'photos')} in preparation`,
    paused: 'Upload paused',
    waiting: 'Upload needs you',
    offline: 'Upload waits for the network',
    elsewhere: 'Upload runs in another tab',
    toUploads: 'Show the upload',
    secondsLeft: 'less than a minute left',
    minutesLeft: (minutes: number) => `${plural(minutes, 'minute', 'minutes')} left`,
    hoursLeft: (hours: number) => `${plural(hours, 'hour', 'hours')} left`,
  },
  id: {
    going: (left: number) => `${left} foto lagi diunggah`,
    making: (left: number) => `${left} foto disiapkan`,
    paused: 'Unggahan dijeda',
    waiting: 'Unggahan menunggu Anda',
    offline: 'Unggahan menunggu jaringan',
    elsewhere: 'Unggahan berjalan di tab lain',
    toUploads: 'Lihat unggahan',
    secondsLeft: 'kurang dari satu menit lagi',
    minutesLeft: (minutes: number) => `${minutes} menit lagi`,
    hoursLeft: (hours: number) => `${hours} jam lagi`,
  },
});

import { messages, plural } from '../../i18n/messages.ts';

export const purchasesTexts = messages({
  en: {
    title: 'Purchases',
    empty: 'You have not bought photos yet',
    emptyText: 'Photos that you bought are here for good, without a watermark, in full size.',
    bought: (day: string, count: number) => `${day} · ${plural(count, 'photo', 'photos')}`,
    order: 'Order',
    more: 'Show older ones',
  },
  id: {
    title: 'Pembelian',
    empty: 'Anda belum membeli foto',
    emptyText: 'Foto yang Anda beli tersimpan di sini selamanya, tanpa tanda air, dalam ukuran penuh.',
    bought: (day: string, count: number) => `${day} · ${count} foto`,
    order: 'Pesanan',
    more: 'Tampilkan yang lebih lama',
  },
});

import { messages } from '../../i18n/messages.ts';

export const earningsTexts = messages({
  en: {
    title: 'Earnings',
    balance: 'In your wallet',
    earned: 'Earned so far',
    photoSold: 'Photo sold',
    of: (gross: string, commission: string) => `${gross} paid, ${commission} commission`,
    sales: 'Sales',
    emptyTitle: 'Nothing has been sold yet',
    emptyText:
      'As soon as somebody pays for a photo of yours, your share stands here, with what the buyer paid and what Kilas keeps.',
    payout: 'The wallet shows what you are owed. It cannot be paid out here yet.',
    more: 'Show more',
  },
  id: {
    title: 'Pendapatan',
    balance: 'Di dompet Anda',
    earned: 'Diperoleh sejauh ini',
    photoSold: 'Foto terjual',
    of: (gross: string, commission: string) => `dibayar ${gross}, komisi ${commission}`,
    sales: 'Penjualan',
    emptyTitle: 'Belum ada yang terjual',
    emptyText:
      'Begitu ada yang membayar foto Anda, bagian Anda tampil di sini, beserta yang dibayar pembeli dan yang diambil Kilas.',
    payout: 'Dompet menunjukkan hak Anda. Pencairan belum tersedia di sini.',
    more: 'Tampilkan lagi',
  },
});

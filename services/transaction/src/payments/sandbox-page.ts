import { timeElement } from '@kilas/messages/say-time.ts';
import type { Locale } from '@kilas/platform/problems/problem.ts';
import type { SandboxPayment } from './sandbox-store.ts';

const texts = {
  en: {
    title: 'Sandbox payment',
    note: 'This is a rehearsal: no money moves.',
    order: 'Order',
    amount: 'Amount',
    until: 'Payable until',
    pay: 'Pay',
    decline: 'Decline',
    open: 'Waiting for payment',
    declined: 'The last attempt was declined. You can try again.',
    paid: 'Paid. You can close this page.',
    ended: 'This payment has ended and can no longer be paid.',
    list: 'Latest sandbox payments',
    empty: 'No payments yet.',
    state: 'State',
  },
  id: {
    title: 'Pembayaran percobaan',
    note: 'Ini hanya latihan: tidak ada uang yang berpindah.',
    order: 'Pesanan',
    amount: 'Jumlah',
    until: 'Bayar sebelum',
    pay: 'Bayar',
    decline: 'Tolak',
    open: 'Menunggu pembayaran',
    declined: 'Percobaan terakhir ditolak. Anda bisa mencoba lagi.',
    paid: 'Sudah dibayar. Anda bisa menutup halaman ini.',
    ended: 'Pembayaran ini sudah berakhir dan tidak bisa dibayar lagi.',
    list: 'Pembayaran percobaan terbaru',
    empty: 'Belum ada pembayaran.',
    state: 'Status',
  },
} as const satisfies Record<Locale, Record<string, string>>;

const rupiah = new Intl.NumberFormat('id-ID', { style: 'currency', currency: 'IDR', maximumFractionDigits: 0 });

/** Text as it may stand in HTML, also between quotes. */
function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

function page(locale: Locale, title: string, main: string): string {
  return `<!doctype html>
<html lang="${locale}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto; padding: 0 1rem; color: #1b1b1f; }
  table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid #ddd; }
  button { font: inherit; padding: .6rem 1.4rem; margin-right: .6rem; border: 1px solid #555; border-radius: .4rem; background: #fff; }
  button[value=pay] { background: #0b6e4f; border-color: #0b6e4f; color: #fff; }
  .note { color: #666; }
</style>
<h1>${escapeHtml(title)}</h1>
${main}
</html>
`;
}

function sayState(payment: SandboxPayment, locale: Locale, now: Date): string {
  const text = texts[locale];
  if (payment.state === 'paid') return text.paid;
  if (payment.state === 'cancelled' || payment.expiresAt <= now) return text.ended;
  return payment.declinedAt === undefined ? text.open : text.declined;
}

/** The page where one payment is made. */
export function renderPayment(payment: SandboxPayment, locale: Locale, now: Date): string {
  const text = texts[locale];
  const buttons = `<form method="post">
  <button name="action" value="pay">${text.pay}</button>
  <button name="action" value="decline">${text.decline}</button>
</form>`;
  const isOpen = payment.state === 'open' && now < payment.expiresAt;
  return page(
    locale,
    text.title,
    `<p class="note">${text.note}</p>
<table>
  <tr><th>${text.order}</th><td>${escapeHtml(payment.orderId)}</td></tr>
  <tr><th>${text.amount}</th><td>${escapeHtml(rupiah.format(payment.amountIdr))}</td></tr>
  <tr><th>${text.until}</th><td>${timeElement(payment.expiresAt, locale)}</td></tr>
</table>
<p role="status">${sayState(payment, locale, now)}</p>
${isOpen ? buttons : ''}`,
  );
}

/** The latest payments with links to their pages, for whoever develops or demonstrates. */
export function renderPayments(payments: readonly SandboxPayment[], locale: Locale, now: Date): string {
  const text = texts[locale];
  const rows = payments.map(
    (payment) => `  <tr>
    <td><a href="/sandbox/payments/${escapeHtml(payment.token)}">${escapeHtml(payment.orderId)}</a></td>
    <td>${escapeHtml(rupiah.format(payment.amountIdr))}</td>
    <td>${sayState(payment, locale, now)}</td>
  </tr>`,
  );
  const head = `  <tr><th>${text.order}</th><th>${text.amount}</th><th>${text.state}</th></tr>`;
  const table = `<table>\n${[head, ...rows].join('\n')}\n</table>`;
  return page(
    locale,
    text.list,
    `<p class="note">${text.note}</p>\n${rows.length === 0 ? `<p>${text.empty}</p>` : table}`,
  );
}

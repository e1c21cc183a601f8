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
    paid: 'Paid. You are taken back to your order.',
    back: 'Back to your order',
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
    paid: 'Sudah dibayar. Anda dibawa kembali ke pesanan Anda.',
    back: 'Kembali ke pesanan Anda',
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

/** As calm as the shop, in the light or dark of the reader's system. */
const style = `
  :root { color-scheme: light dark; --ground: #f5f4f2; --surface: #fff; --ink: #1a1917; --muted: #625f5a; --line: #e6e3df;
    --edge: #8b8780; --accent: #b93c0b; --on-accent: #fff; --warn: #7a5200; --warn-soft: #fdf3dc; }
  @media (prefers-color-scheme: dark) { :root { --ground: #131312; --surface: #1c1b1a; --ink: #f2f0ed; --muted: #aaa69f;
    --line: #32302d; --edge: #7b776f; --accent: #ff8a57; --on-accent: #1d0d05; --warn: #f0c061; --warn-soft: #33270e; } }
  * { box-sizing: border-box; }
  body { font: 16px/1.5 system-ui, sans-serif; margin: 0; padding: 2rem 1rem; background: var(--ground); color: var(--ink); }
  main { max-width: 26rem; margin: 4vh auto 0; padding: 2rem; background: var(--surface); border-radius: 16px; overflow-wrap: anywhere; }
  main.wide { max-width: 52rem; }
  h1 { font-size: 1.25rem; margin: 0 0 1rem; }
  .note { margin: 0 0 1.5rem; padding: .6rem .9rem; border-radius: 10px; background: var(--warn-soft); color: var(--warn); }
  .amount { margin: 0 0 1rem; font-size: 2.25rem; font-weight: 600; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
  table { width: 100%; border-collapse: collapse; font-size: .9rem; }
  th, td { padding: .5rem .5rem .5rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; font-weight: 400; }
  th { color: var(--muted); white-space: nowrap; }
  [role=status] { margin: 1.5rem 0; }
  a { color: var(--accent); }
  button, .button { display: block; width: 100%; min-height: 3.25rem; margin-top: .75rem; padding: .8rem 1.5rem; border: 1px solid var(--edge);
    border-radius: 10px; background: none; color: inherit; font: inherit; font-weight: 500; text-align: center; text-decoration: none; cursor: pointer; }
  button[value=pay], .button { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
`;

function page(locale: Locale, title: string, main: string, { head = '', width = '' } = {}): string {
  return `<!doctype html>
<html lang="${locale}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
${head}<style>${style}</style>
<main class="${width}">
<h1>${escapeHtml(title)}</h1>
${main}
</main>
</html>
`;
}

function sayState(payment: SandboxPayment, locale: Locale, now: Date): string {
  const text = texts[locale];
  if (payment.state === 'paid') return text.paid;
  if (payment.state === 'cancelled' || payment.expiresAt <= now) return text.ended;
  return payment.declinedAt === undefined ? text.open : text.declined;
}

/** The page where one payment is made; one that is paid leads back to the shop by itself. */
export function renderPayment(payment: SandboxPayment, locale: Locale, now: Date): string {
  const text = texts[locale];
  const order = `/orders/${escapeHtml(payment.orderId)}`;
  const buttons = `<form method="post">
  <button name="action" value="pay">${text.pay}</button>
  <button name="action" value="decline">${text.decline}</button>
</form>
<p><a href="${order}">${text.back}</a></p>`;
  const isOpen = payment.state === 'open' && now < payment.expiresAt;
  const amount = escapeHtml(rupiah.format(payment.amountIdr));
  return page(
    locale,
    text.title,
    `<p class="note">${text.note}</p>
<p class="amount">${amount}</p>
<table>
  <tr><th>${text.order}</th><td>${escapeHtml(payment.orderId)}</td></tr>
  <tr><th>${text.until}</th><td>${timeElement(payment.expiresAt, locale)}</td></tr>
</table>
<p role="status">${sayState(payment, locale, now)}</p>
${isOpen ? buttons : `<a class="button" href="${order}">${text.back}</a>`}`,
    payment.state === 'paid' ? { head: `<meta http-equiv="refresh" content="3; url=${order}">\n` } : {},
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
    { width: 'wide' },
  );
}

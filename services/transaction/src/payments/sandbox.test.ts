import { startSystem } from '@kilas/testkit/start-system.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { fetchOrder, type OrderJson, placeOrder, postCancel, pressButton, refusalIn } from '../testing/client.ts';
import { type Shop, startShop, webhookKey } from '../testing/start-shop.ts';
import { times } from '../testing/together.ts';
import { signNotice } from './sandbox-signature.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
beforeEach(() => {
  shop.door.isShut = false;
});
afterAll(() => shop.close());

async function orderOnePhoto() {
  const buyer = await shop.signUp();
  const photoId = await shop.addPhoto({ priceIdr: 1_250_000 });
  const order = await placeOrder(shop.system, buyer, [{ photoId, priceIdr: 1_250_000 }]);
  return { buyer, photoId, order };
}

function openPage(order: OrderJson, headers: Record<string, string> = {}) {
  return shop.system.app.inject({ url: new URL(order.paymentUrl ?? '').pathname, headers });
}

const noticesOf = ({ orderId }: OrderJson) => shop.door.received.filter(({ body }) => body.includes(orderId));

test('the payment page leads back to the order, and goes there by itself once it is paid', async () => {
  const { order } = await orderOnePhoto();
  const open = (await openPage(order)).body;
  expect(open).toContain(`href="/orders/${order.orderId}"`);
  expect(open).not.toContain('http-equiv="refresh"');
  await pressButton(shop.system, order.paymentUrl);
  expect((await openPage(order)).body).toContain(`http-equiv="refresh" content="3; url=/orders/${order.orderId}"`);
});

test('the payment page shows what is to be paid, in the language of the reader', async () => {
  const { order } = await orderOnePhoto();
  const page = await openPage(order);
  expect(page.statusCode).toBe(200);
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  expect(page.body).toContain(order.orderId);
  expect(page.body).toContain('1.250.000');
  expect(page.body).toContain('Waiting for payment');
  const indonesian = (await openPage(order, { 'accept-language': 'id-ID' })).body;
  expect(indonesian).toContain('Menunggu pembayaran');
  // The exact time is for programs; a person reads one with its zone, in their language.
  const spoken = (html: string) => html.replace(/<time datetime="[^"]+">/g, '');
  expect(spoken(page.body)).toMatch(/Payable until<\/th><td>\d+ \w+ \d{4} at \d\d:\d\d GMT\+7</);
  expect(spoken(indonesian)).toMatch(/Bayar sebelum<\/th><td>\d+ \w+ \d{4} pukul \d\d\.\d\d WIB</);
  expect(spoken(page.body + indonesian)).not.toMatch(/\d{4}-\d\d-\d\dT/);
});

test('a payment on the page reaches the shop as a signed notification over HTTP and settles the order', async () => {
  const { buyer, order } = await orderOnePhoto();
  const pressed = await pressButton(shop.system, order.paymentUrl);
  expect(pressed.statusCode).toBe(303);
  expect(pressed.headers.location).toBe(new URL(order.paymentUrl ?? '').pathname);
  const page = await openPage(order);
  expect(page.body).toContain('Paid.');
  expect(page.body).not.toContain('<button');
  const isPaid = async () => (await fetchOrder(shop.system, buyer, order.orderId)).status === 'paid';
  await waitFor(isPaid, { what: 'the order to be paid' });
  const [notice] = noticesOf(order);
  const timestamp = String(notice?.headers['x-sandbox-timestamp']);
  expect(notice?.headers['x-sandbox-signature']).toBe(signNotice(webhookKey, timestamp, notice?.body ?? ''));
});

test('who presses Pay twice pays once', async () => {
  const { buyer, order } = await orderOnePhoto();
  await times(shop, 3, () => pressButton(shop.system, order.paymentUrl));
  const isPaid = async () => (await fetchOrder(shop.system, buyer, order.orderId)).status === 'paid';
  await waitFor(isPaid, { what: 'the order to be paid' });
  expect(noticesOf(order)).toHaveLength(1);
  expect((await fetchOrder(shop.system, buyer, order.orderId)).refunds).toEqual([]);
});

test('a declined attempt is told, and the payment may be tried again', async () => {
  const { buyer, order } = await orderOnePhoto();
  await pressButton(shop.system, order.paymentUrl, 'decline');
  await waitFor(() => noticesOf(order).length === 1, { what: 'the notification of the refusal' });
  const page = await openPage(order);
  expect(page.body).toContain('The last attempt was declined');
  expect(page.body).toContain('<button');
  expect((await fetchOrder(shop.system, buyer, order.orderId)).status).toBe('pending');
  await pressButton(shop.system, order.paymentUrl);
  const isPaid = async () => (await fetchOrder(shop.system, buyer, order.orderId)).status === 'paid';
  await waitFor(isPaid, { what: 'the order to be paid' });
});

test('a notification is sent again until the shop has taken it', async () => {
  const { buyer, order } = await orderOnePhoto();
  shop.door.isShut = true;
  await pressButton(shop.system, order.paymentUrl);
  await waitFor(() => noticesOf(order).length >= 2, { what: 'a second try', timeoutMs: 20_000 });
  expect((await fetchOrder(shop.system, buyer, order.orderId)).status).toBe('pending');
  shop.door.isShut = false;
  const isPaid = async () => (await fetchOrder(shop.system, buyer, order.orderId)).status === 'paid';
  await waitFor(isPaid, { what: 'the order to be paid', timeoutMs: 20_000 });
});

test('the page of a cancelled order takes no payment', async () => {
  const { buyer, order } = await orderOnePhoto();
  await postCancel(shop.system, buyer, order.orderId);
  expect((await pressButton(shop.system, order.paymentUrl)).statusCode).toBe(303);
  const page = await openPage(order);
  expect(page.body).toContain('This payment has ended');
  expect(page.body).not.toContain('<button');
  expect((await fetchOrder(shop.system, buyer, order.orderId)).status).toBe('cancelled');
});

test('the development page links to the latest payments', async () => {
  const { order } = await orderOnePhoto();
  const page = await shop.system.app.inject({ url: '/sandbox/payments' });
  expect(page.statusCode).toBe(200);
  expect(page.body).toContain(`href="${new URL(order.paymentUrl ?? '').pathname}"`);
});

test('payments are not listed where strangers come; the page of each is there', async () => {
  const env = { PUBLIC_URL: 'https://photos.example', SANDBOX_ALLOWED: 'true' };
  const open = await startSystem({
    services: ['transaction'],
    databases: { transaction: { DATABASE_URL: shop.system.databaseUrls.transaction } },
    isWorking: false,
    env,
  });
  const { order } = await orderOnePhoto();
  expect(refusalIn(await open.app.inject({ url: '/sandbox/payments' }))).toBe('404 ROUTE_NOT_FOUND');
  expect((await open.app.inject({ url: new URL(order.paymentUrl ?? '').pathname })).statusCode).toBe(200);
  await open.close();
});

test('a payment that nobody started has no page, and a button that is not there cannot be pressed', async () => {
  const { order } = await orderOnePhoto();
  for (const method of ['GET', 'POST'] as const) {
    const response = await shop.system.app.inject({ method, url: '/sandbox/payments/unknown' });
    expect(refusalIn(response)).toBe('404 ROUTE_NOT_FOUND');
  }
  const url = new URL(order.paymentUrl ?? '').pathname;
  const response = await shop.system.app.inject({ method: 'POST', url, payload: { action: 'refund' } });
  expect(refusalIn(response)).toBe('400 REQUEST_INVALID');
});

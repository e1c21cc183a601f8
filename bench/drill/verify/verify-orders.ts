import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Check, countBy, doubled, exactlyOnce, type Finding, lost } from './finding.ts';

const orderRow = z.object({
  order_id: z.string(),
  buyer_id: z.string(),
  idempotency_key: z.string(),
  state: z.string(),
  total_idr: z.coerce.number(),
});
const licenceRow = z.object({ order_id: z.string(), buyer_id: z.string(), photo_id: z.string() });
const paymentRow = z.object({ order_id: z.string(), outcome: z.string() });
const download = z.object({ url: z.string(), sha256: z.string() });

/** Each accepted order is there once, is paid once if its payment was, and gives each of its photos to its buyer once. */
export const verifyOrders: Check = async ({ databases, book }) => {
  const orders = await databases.query(
    'transaction',
    orderRow,
    'select order_id, buyer_id, idempotency_key, state, total_idr from orders',
  );
  const licences = await databases.query(
    'transaction',
    licenceRow,
    'select order_id, buyer_id, photo_id from licences',
  );
  const payments = await databases.query('transaction', paymentRow, 'select order_id, outcome from received_payments');
  const byKey = countBy(orders, ({ buyer_id, idempotency_key }) => `${buyer_id} ${idempotency_key}`);
  const byId = new Map(orders.map((order) => [order.order_id, order]));
  const settled = countBy(payments, ({ order_id, outcome }) => `${order_id} ${outcome}`);
  const licensed = countBy(licences, ({ order_id, buyer_id, photo_id }) => `${order_id} ${buyer_id} ${photo_id}`);
  const ofPair = countBy(licences, ({ buyer_id, photo_id }) => `${buyer_id} ${photo_id}`);
  const findings: Finding[] = [];
  for (const [pair, count] of ofPair) if (count > 1) findings.push(doubled(`${count} licences for ${pair}`));
  for (const { order_id, outcome } of payments) {
    if (outcome !== 'settled') findings.push(doubled(`order ${order_id} was paid once more (${outcome})`));
  }
  for (const [orderId, accepted] of book.orders) {
    const { buyerId, idempotencyKey, totalIdr, photoIds, isPaid } = accepted;
    const order = byId.get(orderId);
    findings.push(...exactlyOnce(byKey.get(`${buyerId} ${idempotencyKey}`) ?? 0, `order ${orderId} by its key`));
    if (order === undefined) continue;
    if (order.total_idr !== totalIdr) findings.push(lost(`order ${orderId} costs ${order.total_idr}, not ${totalIdr}`));
    if (!isPaid) continue;
    if (order.state !== 'paid') findings.push(lost(`the payment of order ${orderId}, which is ${order.state}`));
    findings.push(...exactlyOnce(settled.get(`${orderId} settled`) ?? 0, `the money of order ${orderId}`));
    for (const photoId of photoIds) {
      const count = licensed.get(`${orderId} ${buyerId} ${photoId}`) ?? 0;
      findings.push(...exactlyOnce(count, `the licence of order ${orderId} for photo ${photoId}`));
    }
  }
  return findings;
};

/** Whoever bought a photo gets, byte for byte, what was uploaded. */
export const verifyDownloads: Check = async ({ world, book }) => {
  const findings: Finding[] = [];
  for (const [orderId, { buyerId, photoIds, isPaid }] of book.orders) {
    const buyer = world.buyers.find(({ accountId }) => accountId === buyerId);
    if (!isPaid || buyer === undefined) continue;
    for (const photoId of photoIds) {
      const link = await buyer.call({ route: 'download', path: `/v1/purchases/${photoId}/download` }, download);
      const original = link === undefined ? undefined : await world.client.send({ route: 'original', path: link.url });
      const wanted = book.photos.get(photoId)?.sha256 ?? link?.sha256;
      const found = original === undefined ? 'no answer' : createHash('sha256').update(original.bytes).digest('hex');
      if (found !== wanted)
        findings.push(lost(`the download of photo ${photoId}, bought with order ${orderId} (${found})`));
    }
  }
  return findings;
};

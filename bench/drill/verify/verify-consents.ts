import { z } from 'zod';
import { type Check, exactlyOnce, type Finding, lost } from './finding.ts';

const consentRow = z.object({ account_id: z.string(), epoch: z.number(), is_in_force: z.boolean() });
const receiptRow = z.object({ id: z.string(), open: z.number() });
const leftRow = z.object({ member_id: z.string() });

/** What is kept of a member's face, by service: nothing once they have withdrawn. */
const kept = [
  ['upload', 'select member_id from facecams'],
  ['ai', 'select member_id from templates'],
  ['ai', 'select member_id from face_matches'],
  ['photo', 'select member_id from matches'],
  ['user', `select account_id as member_id from notifications where kind = 'matches_found'`],
] as const;

/** Each consent holds or is withdrawn as was answered last; each withdrawal has its whole receipt and left nothing behind. */
export const verifyConsents: Check = async ({ databases, book }) => {
  const consents = await databases.query(
    'user',
    consentRow,
    'select account_id, epoch, withdrawn_at is null as is_in_force from consents',
  );
  const receipts = await databases.query(
    'user',
    receiptRow,
    `select r.id, count(*) filter (where e.completed_at is null)::int as open
     from consent_receipts r join consent_erasures e on e.receipt_id = r.id group by r.id`,
  );
  const openById = new Map(receipts.map(({ id, open }) => [id, open]));
  const findings: Finding[] = book.consents.flatMap(({ receiptId }): Finding[] => {
    if (receiptId === undefined || openById.get(receiptId) === 0) return [];
    const open = openById.get(receiptId);
    return [
      lost(`the receipt ${receiptId}: ${open === undefined ? 'it is not there' : `${open} services owe their part`}`),
    ];
  });
  const accounts = new Set(book.consents.map(({ accountId }) => accountId));
  for (const accountId of accounts) {
    const own = consents.filter(({ account_id }) => account_id === accountId);
    const inForce = own.filter(({ is_in_force }) => is_in_force).length;
    const given = book.consents.filter((act) => act.accountId === accountId && act.receiptId === undefined).length;
    if (own.length < given)
      findings.push(lost(`a consent of member ${accountId}: ${own.length} of ${given} are there`));
    if (book.hasConsent(accountId)) findings.push(...exactlyOnce(inForce, `the consent of member ${accountId}`));
    else if (inForce > 0) findings.push(lost(`the withdrawal of member ${accountId}`));
  }
  for (const [service, text] of kept) {
    const rows = await databases.query(service, leftRow, text);
    const left = new Set(
      rows.map(({ member_id }) => member_id).filter((id) => accounts.has(id) && !book.hasConsent(id)),
    );
    for (const memberId of left)
      findings.push(lost(`the erasure of member ${memberId}: ${service} still holds something`));
  }
  return findings;
};

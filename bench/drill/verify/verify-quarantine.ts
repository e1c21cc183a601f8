import { z } from 'zod';
import { type Check, type Finding, lost } from './finding.ts';

const riskyRow = z.object({ thing: z.string(), quarantined: z.boolean() });
const noticeRow = z.object({ account_id: z.string(), data: z.object({ photoIds: z.array(z.string()) }) });

/** The poisoned photos are quarantined and their creators told; nothing else is, whatever was at work in processes that died. */
export const verifyQuarantine: Check = async ({ databases, book }) => {
  const findings: Finding[] = [];
  const poisoned = [...book.photos].filter(([, { isPoison }]) => isPoison);
  const expected = new Set(poisoned.map(([photoId]) => `photo/${photoId}`));
  for (const service of ['ai', 'upload'] as const) {
    const rows = await databases.query(
      service,
      riskyRow,
      'select thing, quarantined_at is not null as quarantined from risky_work',
    );
    const quarantined = rows.filter((row) => row.quarantined).map(({ thing }) => thing);
    for (const thing of quarantined) {
      if (service !== 'ai' || !expected.has(thing)) findings.push(lost(`${thing} is quarantined by ${service}`));
    }
    if (service !== 'ai') continue;
    for (const thing of expected) {
      if (!quarantined.includes(thing)) findings.push(lost(`${thing}, of which ai dies, is not quarantined`));
    }
  }
  const notices = await databases.query(
    'user',
    noticeRow,
    `select account_id, data from notifications where kind = 'recognition_failed'`,
  );
  for (const [photoId, { creatorId }] of poisoned) {
    const isTold = notices.some(({ account_id, data }) => account_id === creatorId && data.photoIds.includes(photoId));
    if (!isTold) findings.push(lost(`the creator was not told of the quarantined photo ${photoId}`));
  }
  return findings;
};

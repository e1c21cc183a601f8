/** Money that the platform holds. */
export const platformCash = 'platform:cash';
/** What the platform earned. */
export const platformCommission = 'platform:commission';

/** What a creator is owed. */
export function creatorAccount(creatorId: string): string {
  return `creator:${creatorId}`;
}

/** Money of a buyer that bought nothing and goes back. */
export function refundsPayableAccount(buyerId: string): string {
  return `refunds_payable:${buyerId}`;
}

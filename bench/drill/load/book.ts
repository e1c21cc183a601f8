import type { Picture, Who } from './pictures.ts';

export interface AcceptedPhoto {
  readonly creatorId: string;
  readonly sha256: string;
  readonly shows: Who | undefined;
  /** Nobody is found in it: processes of ai die of it. */
  readonly isPoison: boolean;
  /** Milliseconds since the drill began. */
  readonly at: number;
}

export interface AcceptedOrder {
  readonly buyerId: string;
  readonly idempotencyKey: string;
  readonly photoIds: readonly string[];
  readonly totalIdr: number;
  /** The payment page said yes. */
  isPaid: boolean;
}

export interface ConsentAct {
  readonly accountId: string;
  /** Of a withdrawal. */
  readonly receiptId?: string;
}

/** What the installation said yes to. Everything here has to be there in the end, once. */
export class Book {
  readonly photos = new Map<string, AcceptedPhoto>();
  readonly orders = new Map<string, AcceptedOrder>();
  /** By facecam. */
  readonly facecams = new Map<string, { readonly accountId: string; readonly who: Who }>();
  /** In the order in which they were answered. */
  readonly consents: ConsentAct[] = [];
  readonly wishes: { readonly accountId: string; readonly photoId: string }[] = [];
  readonly accounts: { readonly accountId: string; readonly email: string }[] = [];
  /** Every file that was sent, whether it was answered or not. */
  readonly sent: { readonly creatorId: string; readonly sha256: string }[] = [];

  acceptPhoto(photoId: string, creatorId: string, { sha256, shows, isPoison = false }: Picture, at: number): void {
    this.photos.set(photoId, { creatorId, sha256, shows, isPoison, at });
  }

  /** Photos, orders, payments, facecams, consents and withdrawals, wishes, accounts. */
  get count(): number {
    const payments = [...this.orders.values()].filter(({ isPaid }) => isPaid).length;
    const { photos, orders, facecams, consents, wishes, accounts } = this;
    return photos.size + orders.size + payments + facecams.size + consents.length + wishes.length + accounts.length;
  }

  /** Whether the last that was answered of this member's consent is that it holds. */
  hasConsent(accountId: string): boolean {
    const last = this.consents.findLast((act) => act.accountId === accountId);
    return last !== undefined && last.receiptId === undefined;
  }
}

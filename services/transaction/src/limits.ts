import type { SharedState } from '@kilas/platform/shared/shared-state.ts';

const hourSeconds = 3600;

/** Each costs a call to photo. */
export function openLimits(shared: SharedState) {
  const limit = (name: string, attempts: number) => shared.rateLimit(name, { attempts, windowSeconds: hourSeconds });
  return {
    /** A client may ask at every change of the basket. */
    previewsByBuyer: limit('transaction-previews-by-buyer', 600),
    /** Repetitions of one order count too. */
    ordersByBuyer: limit('transaction-orders-by-buyer', 120),
    /** A client asks again while upload counts checksums. */
    archivesByBuyer: limit('transaction-archives-by-buyer', 240),
  };
}

export type Limits = ReturnType<typeof openLimits>;

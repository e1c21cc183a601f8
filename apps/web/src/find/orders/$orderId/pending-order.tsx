import { useState } from 'react';
import { useFormat } from '../../../i18n/format.ts';
import { useTexts } from '../../../i18n/messages.ts';
import { Button, buttonClass } from '../../../ui/button.tsx';
import { Spinner } from '../../../ui/spinner.tsx';
import { useNow } from '../../../ui/use-now.ts';
import type { Order } from '../order.ts';
import { CancelOrder } from './cancel-order.tsx';
import { sayLeft } from './say-left.ts';
import { orderTexts } from './texts.ts';

/** How long there is to pay, and the way to do it. */
export function PendingOrder({ order }: { order: Order }) {
  const texts = useTexts(orderTexts);
  const format = useFormat();
  const [isCancelling, setIsCancelling] = useState(false);
  const leftMs = Date.parse(order.expiresAt) - useNow();
  if (leftMs <= 0) {
    return (
      <p className="flex items-center gap-2">
        <Spinner /> {texts.timeOver}
      </p>
    );
  }
  return (
    <>
      {/* A screen reader would read every second of it. */}
      <p aria-live="off" className="text-lg tabular-nums">
        {texts.payingTime(sayLeft(leftMs))}
      </p>
      <div className="flex flex-wrap gap-3">
        {order.paymentUrl !== undefined && (
          <a href={order.paymentUrl} className={buttonClass()}>
            {texts.pay(format.rupiah(order.totalIdr))}
          </a>
        )}
        <Button kind="quiet" onClick={() => setIsCancelling(true)}>
          {texts.cancel}
        </Button>
      </div>
      <p className="text-sm text-muted">{order.paymentUrl === undefined ? texts.lookingForPage : texts.waiting}</p>
      {isCancelling && <CancelOrder orderId={order.orderId} onClose={() => setIsCancelling(false)} />}
    </>
  );
}

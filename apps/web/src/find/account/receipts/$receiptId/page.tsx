import { createFileRoute, Link } from '@tanstack/react-router';
import { useFormat } from '../../../../i18n/format.ts';
import { useTexts } from '../../../../i18n/messages.ts';
import { RequireAccount } from '../../../../shell/require-account.tsx';
import { buttonClass } from '../../../../ui/button.tsx';
import { ErrorNote } from '../../../../ui/error-note.tsx';
import { Page } from '../../../../ui/page.tsx';
import { LinesSkeleton } from '../../../lines-skeleton.tsx';
import { Removed } from './removed.tsx';
import { Steps } from './steps.tsx';
import { receiptTexts } from './texts.ts';
import { type Receipt, useReceipt } from './use-receipt.ts';

export const Route = createFileRoute('/_find/account/receipts/$receiptId')({
  component: () => (
    <RequireAccount>
      <ReceiptPage />
    </RequireAccount>
  ),
});

function ReceiptPage() {
  const texts = useTexts(receiptTexts);
  const { receiptId } = Route.useParams();
  const { data: receipt, error, refetch } = useReceipt(receiptId);
  return (
    <Page title={texts.title} width="narrow">
      {receipt !== undefined && <Details receipt={receipt} />}
      {receipt === undefined && error === null && <LinesSkeleton />}
      {error !== null && <ErrorNote error={error} onRetry={() => void refetch()} />}
    </Page>
  );
}

function Details({ receipt }: { receipt: Receipt }) {
  const texts = useTexts(receiptTexts);
  const format = useFormat();
  const { cutOffFaces, probes } = receipt;
  const probed = probes.reduce((sum, { vectorsProbed }) => sum + vectorsProbed, 0);
  const survivors = probes.reduce((sum, probe) => sum + probe.survivors, 0);
  return (
    <div className="space-y-8">
      <p>
        {texts.requested(format.moment(receipt.requestedAt))}{' '}
        <span role="status">{receipt.completedAt === null ? texts.running : texts.done}</span>
      </p>
      <Steps receipt={receipt} />
      <Removed receipt={receipt} />
      {survivors > 0 ? (
        <p className="text-danger">{texts.survivors(survivors)}</p>
      ) : (
        probed > 0 && <p>{texts.probe(probed)}</p>
      )}
      {cutOffFaces !== null && (
        <section>
          <h2 className="mb-2 text-lg font-semibold">{texts.cutOff}</h2>
          <p>
            {cutOffFaces.goneAt === null
              ? texts.cutOffText(texts.faces(cutOffFaces.count), format.day(cutOffFaces.until))
              : texts.cutOffGone(texts.faces(cutOffFaces.count), format.moment(cutOffFaces.goneAt))}
          </p>
        </section>
      )}
      <p className="text-sm text-muted">{texts.keep}</p>
      <Link to="/account" className={buttonClass('secondary')}>
        {texts.toAccount}
      </Link>
    </div>
  );
}

import { Link } from '@tanstack/react-router';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/messages.ts';
import { DownloadArchive } from '../downloads/download-archive.tsx';
import { BoughtPhoto } from './bought-photo.tsx';
import { purchasesTexts } from './texts.ts';
import type { Purchase } from './use-purchases.ts';

interface Props {
  orderId: string;
  bought: readonly Purchase[];
  /** Not where the page has the same download for all. */
  hasDownload: boolean;
}

/** The photos of one order. */
export function BoughtOrder({ orderId, bought, hasDownload }: Props) {
  const texts = useTexts(purchasesTexts);
  const format = useFormat();
  return (
    <section>
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <h2>
          <Link
            to="/orders/$orderId"
            params={{ orderId }}
            className="inline-flex min-h-11 items-center font-medium hover:underline"
          >
            {texts.bought(format.day(bought[0]?.purchasedAt ?? ''), bought.length)}
          </Link>
        </h2>
        {hasDownload && bought.length > 1 && (
          <DownloadArchive orderId={orderId} count={bought.length} kind="secondary" size="small" />
        )}
      </div>
      <ul className="grid grid-cols-2 gap-x-3 gap-y-5 sm:grid-cols-3 md:grid-cols-4">
        {bought.map((photo) => (
          <BoughtPhoto key={photo.photoId} photo={photo} />
        ))}
      </ul>
    </section>
  );
}

import { Link } from '@tanstack/react-router';
import { useFormat } from '../i18n/format.ts';
import { useTexts } from '../i18n/messages.ts';
import { earningsTexts } from './earnings/texts.ts';
import type { WalletEntry } from './use-wallet.ts';

/** One sale in a list. */
export function SaleRow({ entry: { photoId, grossIdr, commissionIdr, netIdr, at } }: { entry: WalletEntry }) {
  const texts = useTexts(earningsTexts);
  const format = useFormat();
  return (
    <li className="flex items-center gap-4 border-b border-line py-3 last:border-b-0">
      <div className="min-w-0 flex-1">
        <Link to="/studio/photos/$photoId" params={{ photoId }} className="underline-offset-4 hover:underline">
          {texts.photoSold}
        </Link>
        <p className="text-sm text-muted">{format.moment(at)}</p>
      </div>
      <div className="text-right tabular-nums">
        <p className="font-medium text-good">+ {format.rupiah(netIdr)}</p>
        <p className="text-sm text-muted">{texts.of(format.rupiah(grossIdr), format.rupiah(commissionIdr))}</p>
      </div>
    </li>
  );
}

import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/messages.ts';
import { photoTexts } from '../photo-texts.ts';
import { buyingTexts } from './texts.ts';

interface Props {
  priceIdr: number;
  /** What it was when the buyer last saw it, where that differs. */
  before?: number | undefined;
}

export function Price({ priceIdr, before }: Props) {
  const format = useFormat();
  const texts = useTexts(buyingTexts);
  const { free } = useTexts(photoTexts);
  const say = (price: number) => (price === 0 ? free : format.rupiah(price));
  return (
    <span className="shrink-0 text-right tabular-nums">
      {before !== undefined && (
        <span className="block text-sm text-muted">
          <span className="sr-only">{texts.before} </span>
          <s>{say(before)}</s>
        </span>
      )}
      <span className={before === undefined ? '' : 'font-semibold text-warn'}>
        {before !== undefined && <span className="sr-only">{texts.now} </span>}
        {say(priceIdr)}
      </span>
    </span>
  );
}

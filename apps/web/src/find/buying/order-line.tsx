import type { ReactNode } from 'react';
import { useTexts } from '../../i18n/messages.ts';
import { PhotoLine } from '../photo-line.tsx';
import { photoTexts } from '../photo-texts.ts';
import { Price } from './price.tsx';
import type { Figures } from './refused-basket.ts';

interface Props {
  line: Figures['lines'][number];
  thumbnailUrl: string | null | undefined;
  before?: number | undefined;
  share?: string | undefined;
  /** Behind the price. */
  children?: ReactNode;
}

/** A photo of an order, or of what is to become one. */
export function OrderLine({ line, thumbnailUrl, before, share, children }: Props) {
  const { photoId, title, sale, priceIdr } = line;
  const texts = useTexts(photoTexts);
  return (
    <PhotoLine
      photoId={photoId}
      title={title}
      thumbnailUrl={thumbnailUrl}
      share={share}
      end={
        <>
          <Price priceIdr={priceIdr} before={before} />
          {children}
        </>
      }
    >
      {sale === 'exclusive' && texts.exclusive}
    </PhotoLine>
  );
}

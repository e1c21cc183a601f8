import type { ReactNode } from 'react';
import { useFormat } from '../../../i18n/format.ts';
import { useTexts } from '../../../i18n/messages.ts';
import { Badge, type BadgeTone } from '../../../ui/badge.tsx';
import { studioTexts } from '../../texts.ts';
import { useEvent } from '../../use-event.ts';
import type { OwnPhoto } from '../../use-own-photo.ts';
import { photoTexts } from './texts.ts';

const tones: Readonly<Record<OwnPhoto['status'], BadgeTone>> = {
  raw: 'accent',
  on_sale: 'good',
  failed: 'danger',
  removed: 'plain',
};

/** What is known of a photo. */
export function PhotoFacts({ photo }: { photo: OwnPhoto }) {
  const texts = useTexts(photoTexts);
  const studio = useTexts(studioTexts);
  const format = useFormat();
  const timeZone = useEvent(photo.eventId ?? 'none').data?.timeZone;
  const { status, hidden, soldCount, soldOut, recognition, faceCount, camera, width, height } = photo;
  const state = { raw: 'raw', on_sale: 'onSale', failed: 'failed', removed: 'removed' } as const;
  const isHidden = status === 'on_sale' && hidden;
  const sold = soldCount === 0 ? texts.notSold : texts.soldTimes(soldCount);
  const size = width !== null && height !== null ? texts.size(width, height) : undefined;
  return (
    <section>
      <h2 className="mb-2 text-lg font-semibold">{texts.facts}</h2>
      <dl>
        <Fact label={texts.state}>
          <Badge tone={isHidden ? 'warn' : tones[status]}>{studio.states[isHidden ? 'hidden' : state[status]]}</Badge>
        </Fact>
        <Fact label={texts.sold}>{soldOut ? `${sold}, ${texts.soldOut}` : sold}</Fact>
        <Fact label={texts.sale}>{texts.sales[photo.sale]}</Fact>
        {recognition !== 'failed' && (
          <Fact label={texts.faces}>{faceCount === null ? texts.facesPending : format.number(faceCount)}</Fact>
        )}
        <Fact label={texts.taken}>{format.moment(photo.capturedAt, timeZone)}</Fact>
        <Fact label={texts.uploaded}>{format.moment(photo.uploadedAt)}</Fact>
        {camera !== null && <Fact label={texts.camera}>{camera}</Fact>}
        <Fact label={texts.file}>
          {[photo.format.toUpperCase(), size, format.bytes(photo.sizeBytes)].filter(Boolean).join(', ')}
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex justify-between gap-6 border-b border-line py-2.5 last:border-b-0">
      <dt className="shrink-0 text-muted">{label}</dt>
      <dd className="text-right">{children}</dd>
    </div>
  );
}

import { Link } from '@tanstack/react-router';
import { useFormat } from '../../../i18n/format.ts';
import { useTexts } from '../../../i18n/messages.ts';
import type { Photo } from '../../photo.ts';
import { photoTexts } from '../../photo-texts.ts';
import { BuyPhoto } from './buy-photo.tsx';
import { MatchAnswer } from './match-answer.tsx';
import { photoPageTexts } from './texts.ts';

interface Props {
  photo: Photo;
  share: string | undefined;
  /** The member said that it is not them. */
  onRejected: () => void;
}

/** Beside the photo: whether it is me, what it costs, who took it, when and where. */
export function PhotoPanel({ photo, share, onRejected }: Props) {
  const texts = useTexts(photoPageTexts);
  const names = useTexts(photoTexts);
  const format = useFormat();
  const { title, event, creator, capturedAt } = photo;
  return (
    <div className="space-y-5 p-5 md:p-6">
      <h1 className="text-xl font-semibold wrap-anywhere">{title === '' ? names.photo : title}</h1>
      {photo.match !== null && <MatchAnswer photo={photo} onRejected={onRejected} />}
      <BuyPhoto photo={photo} share={share} />
      {photo.description !== '' && <p className="whitespace-pre-line">{photo.description}</p>}
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-sm">
        {event !== null && (
          <>
            <dt className="opacity-70">{texts.at}</dt>
            <dd>
              <Link
                to="/e/$eventId"
                params={{ eventId: event.eventId }}
                search={share === undefined ? {} : { share }}
                className="underline underline-offset-2"
              >
                {event.name}
              </Link>
            </dd>
          </>
        )}
        {creator.displayName !== null && (
          <>
            <dt className="opacity-70">{texts.photographer}</dt>
            <dd>{creator.displayName}</dd>
          </>
        )}
        <dt className="opacity-70">{texts.taken}</dt>
        <dd>{format.moment(capturedAt)}</dd>
      </dl>
    </div>
  );
}

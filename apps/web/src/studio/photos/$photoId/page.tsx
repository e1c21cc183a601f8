import { createFileRoute, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTexts } from '../../../i18n/messages.ts';
import { buttonClass } from '../../../ui/button.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { Page } from '../../../ui/page.tsx';
import { Segments } from '../../../ui/segments.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { RequireCreator } from '../../require-creator.tsx';
import { type OwnPhoto, useOwnPhoto } from '../../use-own-photo.ts';
import { PhotoActions } from './photo-actions.tsx';
import { PhotoFacts } from './photo-facts.tsx';
import { PhotoFailure } from './photo-failure.tsx';
import { PhotoForm } from './photo-form.tsx';
import { photoTexts } from './texts.ts';

export const Route = createFileRoute('/studio/photos/$photoId')({ component: PhotoPage });

function PhotoPage() {
  const { photoId } = Route.useParams();
  const texts = useTexts(photoTexts);
  const photo = useOwnPhoto(photoId);
  return (
    <Page
      width="wide"
      title={photo.data === undefined ? '…' : photo.data.title || texts.noTitle}
      actions={
        photo.data !== undefined && (
          <Link
            to="/studio/events/$eventId"
            params={{ eventId: photo.data.eventId ?? 'none' }}
            className={buttonClass('secondary', 'small')}
          >
            {texts.back}
          </Link>
        )
      }
    >
      <RequireCreator>
        {photo.isPending && <Skeleton className="h-[60vh]" />}
        {photo.error !== null && photo.data === undefined && (
          <ErrorNote error={photo.error} onRetry={() => void photo.refetch()} />
        )}
        {photo.data !== undefined && (
          <div className="grid gap-10 lg:grid-cols-[minmax(0,1fr)_24rem]">
            <div className="space-y-4">
              <Picture photo={photo.data} />
            </div>
            <div className="space-y-10">
              <PhotoFailure photo={photo.data} />
              <PhotoFacts photo={photo.data} />
              <PhotoForm key={photo.data.photoId} photo={photo.data} />
              <PhotoActions photo={photo.data} />
            </div>
          </div>
        )}
      </RequireCreator>
    </Page>
  );
}

function Picture({ photo }: { photo: OwnPhoto }) {
  const texts = useTexts(photoTexts);
  const [view, setView] = useState<'preview' | 'boxes'>('preview');
  const url = view === 'boxes' && photo.processedUrl !== null ? photo.processedUrl : photo.previewUrl;
  const ratio = photo.width !== null && photo.height !== null ? `${photo.width} / ${photo.height}` : '3 / 2';
  return (
    <>
      {photo.processedUrl !== null && (
        <Segments
          label={texts.view}
          value={view}
          onChange={setView}
          choices={[
            { value: 'preview', label: texts.preview },
            { value: 'boxes', label: texts.boxes },
          ]}
        />
      )}
      <div
        style={{ aspectRatio: ratio }}
        className="mx-auto flex max-h-[80vh] max-w-full items-center justify-center overflow-hidden rounded-md bg-sunken"
      >
        {url === null ? (
          <p className="p-6 text-muted">{texts.noPreview}</p>
        ) : (
          <img src={url} alt={photo.title} className="size-full object-contain" />
        )}
      </div>
    </>
  );
}

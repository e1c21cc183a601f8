import { createFileRoute, useNavigate, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { isProblem } from '../../../api/problem.ts';
import { PhotoViewer } from '../../../gallery/photo-viewer.tsx';
import { useTexts } from '../../../i18n/messages.ts';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { useTitle } from '../../../ui/page.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import type { Photo } from '../../photo.ts';
import { photoTexts } from '../../photo-texts.ts';
import { usePhoto } from '../../use-photo.ts';
import { Gone } from './gone.tsx';
import { PhotoPanel } from './photo-panel.tsx';
import { PhotoTools } from './photo-tools.tsx';
import { useBeside } from './use-beside.ts';
import { viewerPhotoOf } from './viewer-photo.ts';

export const Route = createFileRoute('/_find/p/$photoId')({
  validateSearch: (search: Record<string, unknown>): { share?: string } =>
    typeof search.share === 'string' ? { share: search.share } : {},
  component: PhotoPage,
});

function PhotoPage() {
  const { photoId } = Route.useParams();
  const { share } = Route.useSearch();
  const { data: photo, error, refetch } = usePhoto(photoId, share);
  if (photo !== undefined) return <Viewer photo={photo} share={share} onFailed={() => void refetch()} />;
  if (error === null) return <Skeleton className="h-[80dvh] w-full rounded-none" />;
  if (isProblem(error, 'PHOTO_NOT_FOUND')) return <Gone />;
  return (
    <div className="mx-auto max-w-2xl px-4 py-10">
      <ErrorNote error={error} onRetry={() => void refetch()} />
    </div>
  );
}

interface Props {
  photo: Photo;
  share: string | undefined;
  /** The links of the photo have run out. */
  onFailed: () => void;
}

function Viewer({ photo, share, onFailed }: Props) {
  const texts = useTexts(photoTexts);
  const router = useRouter();
  const navigate = useNavigate();
  const beside = useBeside(photo.photoId, share);
  const [hasBox, setHasBox] = useState(false);
  const box = photo.match?.box;
  // A question is about one face: it is shown which.
  const isAsked = photo.match?.isSure === false && photo.match.answer === 'suggested';
  useTitle(photo.title === '' ? texts.photo : photo.title);
  const move = (photoId: string) => {
    const search = share === undefined ? {} : { share };
    // The way back leads to the list, however many photos were looked at.
    void navigate({ to: '/p/$photoId', params: { photoId }, search, state: (before) => before, replace: true });
  };
  const close = () => {
    if (router.history.canGoBack()) router.history.back();
    else if (photo.event === null) void navigate({ to: '/photos' });
    else void navigate({ to: '/e/$eventId', params: photo.event, search: share === undefined ? {} : { share } });
  };
  return (
    <PhotoViewer
      photo={viewerPhotoOf(photo, texts.photo)}
      previous={beside.previous && viewerPhotoOf(beside.previous, texts.photo)}
      next={beside.next && viewerPhotoOf(beside.next, texts.photo)}
      onMove={move}
      onClose={close}
      onFailed={onFailed}
      box={box && (hasBox || isAsked) ? { ...box, x: box.left, y: box.top } : undefined}
      tools={<PhotoTools photo={photo} share={share} hasBox={hasBox} onBox={isAsked ? undefined : setHasBox} />}
    >
      <PhotoPanel
        photo={photo}
        share={share}
        onRejected={() => {
          if (beside.next !== undefined) move(beside.next.photoId);
        }}
      />
    </PhotoViewer>
  );
}

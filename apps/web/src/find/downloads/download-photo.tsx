import { useMutation } from '@tanstack/react-query';
import { Download, Share } from 'lucide-react';
import { useTexts } from '../../i18n/messages.ts';
import { errorTextOf } from '../../ui/error-text.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { showToast } from '../../ui/toast-store.ts';
import { linkOriginal } from './link-original.ts';
import { canShareFiles, useSharePhoto } from './share-photo.ts';
import { downloadTexts } from './texts.ts';

/** The original of a bought photo, as a file; and where there is a share sheet, into the photos of the phone. */
export function DownloadPhoto({ photoId, title }: { photoId: string; title: string }) {
  const texts = useTexts(downloadTexts);
  const name = title === '' ? texts.photo : title;
  const download = useMutation({
    mutationFn: () => linkOriginal(photoId),
    // The storage says that it is a file to keep, so the page stays.
    onSuccess: ({ url }) => location.assign(url),
    onError: (error) => showToast({ text: errorTextOf(error) }),
  });
  const share = useSharePhoto(photoId);
  return (
    <>
      {canShareFiles() && (
        <IconButton
          icon={Share}
          label={texts.save(name)}
          disabled={share.isPending}
          aria-busy={share.isPending}
          onClick={() => share.mutate()}
        />
      )}
      <IconButton
        icon={Download}
        label={texts.download(name)}
        disabled={download.isPending}
        aria-busy={download.isPending}
        onClick={() => download.mutate()}
      />
    </>
  );
}

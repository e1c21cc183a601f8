import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { currentLanguage } from '../../i18n/language.ts';
import { errorTextOf } from '../../ui/error-text.ts';
import { showToast } from '../../ui/toast-store.ts';
import { linkOriginal } from './link-original.ts';
import { downloadTexts } from './texts.ts';

/** Whether the share sheet of this device takes photos, which is how a phone saves them among its own. */
export function canShareFiles(): boolean {
  if (!matchMedia('(pointer: coarse)').matches || navigator.canShare === undefined) return false;
  return navigator.canShare({ files: [new File([new Uint8Array(1)], 'photo.jpg', { type: 'image/jpeg' })] });
}

/** Gives the original of a bought photo to the share sheet; where the device takes no photo from a page, downloads it. */
export function useSharePhoto(photoId: string) {
  // The sheet opens only upon a press; when the photo took long to come, the next press finds it here.
  const file = useRef<File>(undefined);
  return useMutation({
    mutationFn: async () => {
      file.current ??= await fetchOriginal(photoId);
      if (file.current === undefined) return;
      await navigator.share({ files: [file.current] }).catch((error: unknown) => {
        const name = error instanceof DOMException ? error.name : '';
        // Closed by the person.
        if (name === 'AbortError') return;
        if (name !== 'NotAllowedError') throw error;
        showToast({ text: downloadTexts[currentLanguage()].tapAgain });
      });
    },
    onError: (error) => showToast({ text: errorTextOf(error) }),
  });
}

/** Undefined where a page may not read from the storage: then the browser downloads the file itself. */
async function fetchOriginal(photoId: string): Promise<File | undefined> {
  const { url, fileName } = await linkOriginal(photoId);
  const response = await fetch(url).catch(() => undefined);
  if (response?.ok !== true) {
    location.assign(url);
    return undefined;
  }
  const blob = await response.blob();
  return new File([blob], fileName, { type: blob.type });
}

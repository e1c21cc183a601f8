import { api } from '../api/api.ts';
import { queryClient } from '../api/query-client.ts';
import { currentLanguage } from '../i18n/language.ts';
import { showToast } from '../ui/toast-store.ts';
import type { Photo, PhotoAnswer } from './photo.ts';
import { type Change, changeAtOnce } from './photo-cache.ts';
import { photoTexts } from './photo-texts.ts';

/** Answers on their way: the lists are read anew behind the last of them, so that none brings an answered photo back. */
let underWay = 0;

/** Says whether it is me in a photo. Shown at once, taken back when the API refuses, and to be undone for ten seconds. */
export async function answerPhoto(photo: Photo, answer: 'confirmed' | 'rejected'): Promise<void> {
  const { photoId } = photo;
  const isDone = await tell(photoId, answer, () =>
    api.PUT('/v1/photos/{photoId}/match', { params: { path: { photoId } }, body: { answer } }),
  );
  if (!isDone) return;
  const texts = photoTexts[currentLanguage()];
  showToast({ text: texts.answered[answer], onUndo: () => void takeAnswerBack(photo) });
}

/** The photo is asked about, or shown, as if there had been no answer. */
export async function takeAnswerBack({ photoId }: Photo): Promise<void> {
  await tell(photoId, 'suggested', () => api.DELETE('/v1/photos/{photoId}/match', { params: { path: { photoId } } }));
}

async function tell(photoId: string, answer: PhotoAnswer, ask: () => Promise<unknown>): Promise<boolean> {
  underWay += 1;
  const change: Change = (photo, [, list]) => {
    if (list === 'questions' || (list === 'rejected' && answer !== 'rejected')) return undefined;
    if ((list === 'photos' || list === 'found') && answer === 'rejected') return undefined;
    return photo.match === null ? photo : { ...photo, match: { ...photo.match, answer } };
  };
  try {
    return await changeAtOnce(photoId, change, ask);
  } finally {
    underWay -= 1;
    if (underWay === 0) void queryClient.invalidateQueries({ queryKey: ['explore'] });
    void queryClient.invalidateQueries({ queryKey: ['photo', photoId] });
  }
}

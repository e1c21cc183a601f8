import { Check, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/messages.ts';
import { Button } from '../../ui/button.tsx';
import { answerPhoto } from '../answer-photo.ts';
import { photoTexts } from '../photo-texts.ts';
import { useKeys } from '../use-keys.ts';
import { FaceView } from './face-view.tsx';
import { photosTexts } from './texts.ts';
import { useQuestions } from './use-questions.ts';
import { useSwipe } from './use-swipe.ts';

/** One after the other the photos that may show me: yes by a key, a press or a swipe to the right, no by another. */
export function Questions() {
  const { photos, hasMore } = useQuestions();
  const texts = useTexts(photosTexts);
  const { yes, no } = useTexts(photoTexts);
  const format = useFormat();
  const [photo, next] = photos;
  const heading = useRef<HTMLHeadingElement>(null);
  const answer = (isMe: boolean) => {
    if (photo === undefined) return;
    heading.current?.focus();
    void answerPhoto(photo, isMe ? 'confirmed' : 'rejected');
  };
  useKeys({ y: () => answer(true), n: () => answer(false) });
  const { offset, handlers } = useSwipe(answer);
  useEffect(() => {
    if (next?.previewSmallUrl != null) new Image().src = next.previewSmallUrl;
  }, [next]);
  if (photo === undefined) return null;
  const turn = { transform: `translateX(${offset}px) rotate(${offset / 40}deg)`, touchAction: 'pan-y' };
  return (
    <section className="mb-10 grid gap-4 overflow-hidden rounded-lg bg-sunken p-4 sm:grid-cols-[20rem_1fr] sm:items-center sm:gap-8 sm:p-6">
      <div
        key={photo.photoId}
        {...handlers}
        style={turn}
        className="mx-auto w-full max-w-96 overflow-hidden rounded-md select-none"
      >
        <FaceView photo={photo} alt={photo.title} />
      </div>
      <div>
        <h2 ref={heading} tabIndex={-1} className="text-xl font-semibold outline-none">
          {texts.isThisYou}
        </h2>
        <p className="mt-1 text-muted">
          {[photo.event?.name, format.moment(photo.capturedAt)].filter(Boolean).join(' · ')}
        </p>
        <div className="mt-4 flex flex-wrap gap-3">
          <Button kind="secondary" aria-keyshortcuts="n" onClick={() => answer(false)}>
            <X size={18} aria-hidden /> {no}
          </Button>
          <Button aria-keyshortcuts="y" onClick={() => answer(true)}>
            <Check size={18} aria-hidden /> {yes}
          </Button>
        </div>
        <p className="mt-4 text-sm text-muted">
          <span aria-live="polite">{texts.questionsLeft(photos.length, hasMore)}</span>{' '}
          <span className="hidden pointer-fine:inline">{texts.questionKeys}</span>
        </p>
      </div>
    </section>
  );
}

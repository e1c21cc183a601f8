import { Check, X } from 'lucide-react';
import { useTexts } from '../../../i18n/messages.ts';
import { Button } from '../../../ui/button.tsx';
import { answerPhoto, takeAnswerBack } from '../../answer-photo.ts';
import type { Photo } from '../../photo.ts';
import { photoTexts } from '../../photo-texts.ts';
import { useKeys } from '../../use-keys.ts';
import { photoPageTexts } from './texts.ts';

/** Whether it is me: asked where it is not sure, to be denied where it is, and to be taken back. */
export function MatchAnswer({ photo, onRejected }: { photo: Photo; onRejected: () => void }) {
  const texts = useTexts(photoPageTexts);
  const { yes, no, undo } = useTexts(photoTexts);
  const answer = photo.match?.answer ?? 'suggested';
  const confirm = () => void answerPhoto(photo, 'confirmed');
  const reject = () => {
    void answerPhoto(photo, 'rejected');
    onRejected();
  };
  useKeys({
    y: () => {
      if (answer !== 'confirmed') confirm();
    },
    n: () => {
      if (answer !== 'rejected') reject();
    },
  });
  if (answer !== 'suggested') {
    return (
      <div role="status" className="flex flex-wrap items-center gap-x-3">
        <p>{answer === 'confirmed' ? texts.youSaidYes : texts.youSaidNo}</p>
        <Button kind="quiet" size="small" className="underline" onClick={() => void takeAnswerBack(photo)}>
          {undo}
        </Button>
      </div>
    );
  }
  return (
    <div>
      <p className={photo.match?.isSure === false ? 'mb-2 text-lg font-medium' : 'mb-2'}>
        {photo.match?.isSure === false ? texts.isThisYou : texts.foundYou}
      </p>
      <div className="flex flex-wrap gap-2">
        {photo.match?.isSure === false && (
          <Button size="small" aria-keyshortcuts="y" onClick={confirm}>
            <Check size={16} aria-hidden /> {yes}
          </Button>
        )}
        <Button kind="secondary" size="small" aria-keyshortcuts="n" onClick={reject}>
          <X size={16} aria-hidden /> {no}
        </Button>
      </div>
    </div>
  );
}

import { useMutation } from '@tanstack/react-query';
import { type ApiProblem, isProblem } from '../../../api/problem.ts';
import { useTexts } from '../../../i18n/messages.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { askChallenge } from './ask-challenge.ts';
import { ChallengeCamera } from './challenge-camera.tsx';
import type { Proof } from './enrol-selfie.ts';
import { selfieTexts } from './texts.ts';

interface Props {
  /** Why the selfie alone, or the challenge before, was not enough. */
  error: ApiProblem;
  onDone: (proof: Proof) => void;
  onAgain: () => void;
}

/** Where the installation wants a person before the camera: a few movements, each in two minutes from the start. */
export function Challenge({ error, onDone, onAgain }: Props) {
  const texts = useTexts(selfieTexts);
  const asking = useMutation({ mutationFn: askChallenge });
  if (asking.data !== undefined) return <ChallengeCamera challenge={asking.data} onDone={onDone} />;
  const isFirst = isProblem(error, 'FACECAM_CHALLENGE_REQUIRED');
  return (
    <div className="space-y-5">
      <h2 className="text-xl font-semibold">{texts.challengeTitle}</h2>
      {!isFirst && <ErrorNote error={error} />}
      <p>{texts.challengeText}</p>
      {asking.isError && <ErrorNote error={asking.error} />}
      <div className="flex flex-wrap gap-3">
        <Button isBusy={asking.isPending} onClick={() => asking.mutate()}>
          {texts.challengeStart}
        </Button>
        <Button kind="secondary" onClick={onAgain}>
          {texts.again}
        </Button>
      </div>
    </div>
  );
}

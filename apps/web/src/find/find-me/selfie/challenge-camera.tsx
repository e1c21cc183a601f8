import { useEffect, useRef, useState } from 'react';
import { useTexts } from '../../../i18n/messages.ts';
import { useHints } from '../hints/use-hints.ts';
import type { ChallengeAsked } from './ask-challenge.ts';
import { CameraFrame } from './camera-frame.tsx';
import type { Proof } from './enrol-selfie.ts';
import { isTurned, patienceMs } from './follow-step.ts';
import { takePicture } from './take-picture.ts';
import { selfieTexts } from './texts.ts';
import { useCamera } from './use-camera.ts';

const framePauseMs = 350;

interface Props {
  challenge: ChallengeAsked;
  onDone: (proof: Proof) => void;
}

/** Says one step after the other and takes the frames of each, when it is seen to be done or has had its time. */
export function ChallengeCamera({ challenge, onDone }: Props) {
  const texts = useTexts(selfieTexts);
  const video = useRef<HTMLVideoElement>(null);
  const [at, setAt] = useState(0);
  const [isHeld, setIsHeld] = useState(false);
  const frames = useRef<Blob[]>([]);
  const state = useCamera(video);
  const judged = useHints(video, state === 'on');
  const step = challenge.steps[at];
  const isFollowed = step !== undefined && isTurned(step, judged?.aside);
  useEffect(() => {
    if (state !== 'on' || step === undefined || isHeld) return;
    if (isFollowed) return setIsHeld(true);
    const timer = setTimeout(() => setIsHeld(true), patienceMs(step));
    return () => clearTimeout(timer);
  }, [state, step, isHeld, isFollowed]);
  const finish = useRef(onDone);
  finish.current = onDone;
  useEffect(() => {
    if (!isHeld || step === undefined) return;
    let hasEnded = false;
    const takeFrames = async () => {
      const taken: Blob[] = [];
      while (taken.length < challenge.framesPerStepMax && video.current !== null) {
        taken.push(await takePicture(video.current));
        await new Promise((resolve) => setTimeout(resolve, framePauseMs));
        if (hasEnded) return;
      }
      frames.current.push(...taken);
      navigator.vibrate?.(80);
      setIsHeld(false);
      if (at + 1 < challenge.steps.length) setAt(at + 1);
      else finish.current({ challengeId: challenge.challengeId, frames: frames.current });
    };
    void takeFrames();
    return () => {
      hasEnded = true;
    };
  }, [isHeld, step, at, challenge]);
  if (state === 'refused' || state === 'absent' || state === 'busy') {
    return <p role="alert">{texts.challengeNeedsCamera}</p>;
  }
  return (
    <div className="space-y-4">
      <p className="text-center text-muted">{texts.step(at + 1, challenge.steps.length)}</p>
      {step !== undefined && <p className="text-center text-xl font-semibold">{texts.steps[step]}</p>}
      <CameraFrame
        video={video}
        state={state}
        label={texts.mirror}
        hint={isHeld ? texts.holdIt : undefined}
        isGood={isHeld}
      />
    </div>
  );
}

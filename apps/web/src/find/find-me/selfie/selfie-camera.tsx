import { useEffect, useRef, useState } from 'react';
import { useTexts } from '../../../i18n/messages.ts';
import { useHints } from '../hints/use-hints.ts';
import { CameraFrame } from './camera-frame.tsx';
import { CameraMissing } from './camera-missing.tsx';
import { takePicture } from './take-picture.ts';
import { selfieTexts } from './texts.ts';
import { useCamera } from './use-camera.ts';

/** All must stay well for so long: whoever is still moving would be blurred. */
const stillMs = 900;

/** The camera takes the selfie by itself when all is well; the shutter takes it at any time. */
export function SelfieCamera({ onTaken }: { onTaken: (selfie: Blob) => void }) {
  const texts = useTexts(selfieTexts);
  const video = useRef<HTMLVideoElement>(null);
  const isTaking = useRef(false);
  const [error, setError] = useState<unknown>();
  const state = useCamera(video);
  const judged = useHints(video, state === 'on');
  const isGood = judged?.hint === 'good' && judged.hasDetector;
  const take = async () => {
    if (video.current === null || isTaking.current) return;
    isTaking.current = true;
    try {
      onTaken(await takePicture(video.current));
    } catch (thrown) {
      setError(thrown);
    } finally {
      isTaking.current = false;
    }
  };
  const takeNow = useRef(take);
  takeNow.current = take;
  useEffect(() => {
    if (!isGood) return;
    const timer = setTimeout(() => void takeNow.current(), stillMs);
    return () => clearTimeout(timer);
  }, [isGood]);
  if (error !== undefined) throw error;
  if (state === 'refused' || state === 'absent' || state === 'busy') return <CameraMissing state={state} />;
  return (
    <div className="space-y-4">
      <CameraFrame
        video={video}
        state={state}
        label={texts.mirror}
        hint={state === 'on' ? hintText() : texts.starting}
        isGood={isGood}
      />
      <div className="flex justify-center">
        <button
          type="button"
          disabled={state !== 'on'}
          onClick={() => void take()}
          aria-label={texts.shutter}
          title={texts.shutter}
          className="size-18 rounded-full border-4 border-accent p-1 disabled:opacity-40"
        >
          <span className="block size-full rounded-full bg-accent" />
        </button>
      </div>
    </div>
  );

  function hintText(): string {
    if (judged === undefined) return texts.lookHere;
    if (judged.hint === 'good') return judged.hasDetector ? texts.hints.good : texts.lookHere;
    return texts.hints[judged.hint];
  }
}

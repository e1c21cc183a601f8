import type { RefObject } from 'react';
import { classNames } from '../../../ui/class-names.ts';
import { Spinner } from '../../../ui/spinner.tsx';
import type { CameraState } from './use-camera.ts';

interface Props {
  video: RefObject<HTMLVideoElement | null>;
  state: CameraState;
  label: string;
  /** What to do now. */
  hint: string | undefined;
  isGood: boolean;
}

/** The camera as a mirror, with an oval for the face and one line of what to do. */
export function CameraFrame({ video, state, label, hint, isGood }: Props) {
  return (
    <div className="relative mx-auto w-full max-w-md overflow-hidden rounded-lg bg-black">
      <video
        ref={video}
        playsInline
        muted
        aria-label={label}
        className="block max-h-[62dvh] min-h-72 w-full -scale-x-100 object-cover"
      />
      {state === 'starting' && (
        <div className="absolute inset-0 flex items-center justify-center text-white">
          <Spinner className="size-8" />
        </div>
      )}
      <svg
        viewBox="0 0 100 100"
        preserveAspectRatio="xMidYMid meet"
        className="absolute inset-0 size-full"
        aria-hidden="true"
      >
        <ellipse
          cx="50"
          cy="46"
          rx="25"
          ry="34"
          fill="none"
          strokeWidth="1"
          strokeDasharray={isGood ? undefined : '3 2'}
          className={classNames('transition-colors', isGood ? 'stroke-white' : 'stroke-white/60')}
        />
      </svg>
      <p
        role="status"
        className={classNames(
          'absolute inset-x-4 bottom-4 mx-auto w-fit rounded-full px-4 py-2 text-center font-medium',
          isGood ? 'bg-good text-ground' : 'bg-black/75 text-white',
          hint === undefined && 'hidden',
        )}
      >
        {hint}
      </p>
    </div>
  );
}

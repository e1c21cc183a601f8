import { type RefObject, useEffect, useState } from 'react';

export type CameraState = 'starting' | 'on' | 'refused' | 'absent' | 'busy';

const wish = { facingMode: 'user', width: { ideal: 1280 }, height: { ideal: 960 } };

/** Shows the front camera in a video as long as the component lives, and says why where it cannot. */
export function useCamera(video: RefObject<HTMLVideoElement | null>): CameraState {
  const [state, setState] = useState<CameraState>('starting');
  useEffect(() => {
    let hasEnded = false;
    let stream: MediaStream | undefined;
    const stop = () => {
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    const open = async () => {
      // Browsers hide the camera from pages that came without TLS.
      if (navigator.mediaDevices === undefined) throw new DOMException('no camera for this page', 'NotFoundError');
      stream = await navigator.mediaDevices.getUserMedia({ video: wish, audio: false });
      if (hasEnded || video.current === null) return stop();
      video.current.srcObject = stream;
      await video.current.play();
      setState('on');
    };
    open().catch((error: unknown) => {
      if (!hasEnded) setState(stateOf(error));
    });
    return () => {
      hasEnded = true;
      stop();
    };
  }, [video]);
  return state;
}

function stateOf(error: unknown): CameraState {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
  return name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'absent';
}

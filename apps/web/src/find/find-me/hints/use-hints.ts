import { type RefObject, useEffect, useState } from 'react';
import { pictureSide } from './find-faces.ts';
import type { Judged } from './hints.worker.ts';
import type { Frame } from './judge-frame.ts';

/** Between an answer and the next look: what else the page does must stay smooth. */
const pauseMs = 60;

/** What is to be said of the picture of the camera, some times a second. It never leaves the device. Undefined before the first look. */
export function useHints(video: RefObject<HTMLVideoElement | null>, isOn: boolean): Judged | undefined {
  const [judged, setJudged] = useState<Judged>();
  useEffect(() => {
    if (!isOn) return;
    const canvas = Object.assign(document.createElement('canvas'), { width: pictureSide, height: pictureSide });
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (context === null) return;
    const worker = new Worker(new URL('./hints.worker.ts', import.meta.url), { type: 'module' });
    let timer: ReturnType<typeof setTimeout>;
    const look = () => {
      const frame = grab(video.current, context);
      if (frame === undefined) timer = setTimeout(look, pauseMs);
      else worker.postMessage(frame, [frame.rgba.buffer]);
    };
    worker.onmessage = ({ data }: MessageEvent<Judged>) => {
      setJudged(data);
      timer = setTimeout(look, pauseMs);
    };
    look();
    return () => {
      clearTimeout(timer);
      worker.terminate();
      setJudged(undefined);
    };
  }, [isOn, video]);
  return judged;
}

/** The picture of now in the middle of a black square. */
function grab(video: HTMLVideoElement | null, context: CanvasRenderingContext2D): Frame | undefined {
  if (video === null || video.videoWidth === 0) return undefined;
  const { videoWidth: width, videoHeight: height } = video;
  const scale = pictureSide / Math.max(width, height);
  const [across, down] = [width * scale, height * scale];
  context.fillRect(0, 0, pictureSide, pictureSide);
  context.drawImage(video, (pictureSide - across) / 2, (pictureSide - down) / 2, across, down);
  return { rgba: context.getImageData(0, 0, pictureSide, pictureSide).data, width, height };
}

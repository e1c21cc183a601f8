import { type PointerEvent, useRef, useState } from 'react';

const leastPixels = 80;

/** Drags an element sideways: to the right it says yes, to the left no; a short way says nothing. */
export function useSwipe(onSwipe: (isRight: boolean) => void) {
  const start = useRef<number>(undefined);
  const [offset, setOffset] = useState(0);
  const end = () => {
    start.current = undefined;
    setOffset(0);
  };
  const handlers = {
    onPointerDown: (event: PointerEvent) => {
      if (event.pointerType !== 'mouse') start.current = event.clientX;
    },
    onPointerMove: (event: PointerEvent) => {
      if (start.current !== undefined) setOffset(event.clientX - start.current);
    },
    onPointerUp: () => {
      if (start.current !== undefined && Math.abs(offset) >= leastPixels) onSwipe(offset > 0);
      end();
    },
    onPointerCancel: end,
  };
  return { offset, handlers };
}

import { useEffect, useRef } from 'react';

/** Moves the focus to the start of the page when one step of it gives way to the next, whose button the focus would else be lost with. */
export function useFocusOnChange(step: string): void {
  const shown = useRef(step);
  useEffect(() => {
    if (shown.current === step) return;
    shown.current = step;
    document.getElementById('content')?.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }, [step]);
}

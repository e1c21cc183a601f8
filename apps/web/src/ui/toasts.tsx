import { X } from 'lucide-react';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { createPortal } from 'react-dom';
import { useTexts } from '../i18n/messages.ts';
import { IconButton } from './icon-button.tsx';
import { uiTexts } from './texts.ts';
import { dismissToast, readToasts, watchToasts } from './toast-store.ts';
import { useTopDialog } from './use-top-dialog.ts';

const buttonClass =
  'min-h-9 shrink-0 rounded-md px-3 text-sm font-medium underline underline-offset-4 hover:bg-ground/15 pointer-coarse:min-h-11';

/** What was just done, with the way back where there is one. */
export function Toasts() {
  const toasts = useSyncExternalStore(watchToasts, readToasts);
  const texts = useTexts(uiTexts);
  const top = useTopDialog(toasts.length > 0);
  const focusedBefore = useRef<Element | null>(null);
  // A toast takes its buttons along; whoever pressed one goes on where they were.
  useEffect(() => {
    const before = focusedBefore.current;
    if (document.activeElement !== document.body || !(before instanceof HTMLElement)) return;
    focusedBefore.current = null;
    before.focus({ preventScroll: true });
  }, [toasts]);
  const region = (
    <div
      onFocusCapture={({ relatedTarget, currentTarget }) => {
        const isFromOutside = !(relatedTarget instanceof Node && currentTarget.contains(relatedTarget));
        if (isFromOutside) focusedBefore.current = relatedTarget instanceof Element ? relatedTarget : null;
      }}
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-0 bottom-20 z-50 flex flex-col items-center gap-2 px-4 md:bottom-6"
    >
      {toasts.map(({ id, text, onUndo, action }) => (
        <div
          key={id}
          className="pointer-events-auto flex max-w-lg items-center gap-2 rounded-md bg-ink py-1 pr-1 pl-4 text-ground shadow-float"
        >
          <p className="py-2">{text}</p>
          {onUndo !== undefined && (
            <button
              type="button"
              className={buttonClass}
              onClick={() => {
                dismissToast(id);
                onUndo();
              }}
            >
              {texts.undo}
            </button>
          )}
          {action !== undefined && (
            <button
              type="button"
              className={buttonClass}
              onClick={() => {
                dismissToast(id);
                action.run();
              }}
            >
              {action.label}
            </button>
          )}
          <IconButton icon={X} label={texts.close} className="hover:bg-ground/15!" onClick={() => dismissToast(id)} />
        </div>
      ))}
    </div>
  );
  return top === undefined ? region : createPortal(region, top);
}

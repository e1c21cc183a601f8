import { X } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useTexts } from '../i18n/messages.ts';
import { IconButton } from './icon-button.tsx';
import { uiTexts } from './texts.ts';

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** The buttons, the one that goes on last. */
  actions?: ReactNode;
}

/** A window over the page while it is rendered. The browser keeps the focus inside, closes it on Escape, and gives the focus back. */
export function Dialog({ title, onClose, children, actions }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const texts = useTexts(uiTexts);
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      className="m-auto w-[min(32rem,calc(100vw-2rem))] rounded-lg bg-surface p-0 text-ink shadow-float"
    >
      <div className="flex items-start justify-between gap-4 pt-4 pr-3 pl-6">
        <h2 id={titleId} className="pt-2 text-xl font-semibold">
          {title}
        </h2>
        <IconButton icon={X} label={texts.close} onClick={onClose} />
      </div>
      <div className="space-y-4 px-6 pt-2 pb-6">{children}</div>
      {actions !== undefined && (
        <div className="flex flex-wrap justify-end gap-3 border-t border-line px-6 py-4">{actions}</div>
      )}
    </dialog>
  );
}

import type { ReactNode } from 'react';
import { useTexts } from '../i18n/messages.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { ErrorNote } from './error-note.tsx';
import { uiTexts } from './texts.ts';

interface Props {
  title: string;
  /** On the button that does it. */
  confirm: string;
  /** On the button that leaves all as it is. */
  keep?: string;
  /** The person has to do something in the dialog first. */
  isDisabled?: boolean;
  isBusy: boolean;
  error: unknown;
  onConfirm: () => void;
  onClose: () => void;
  /** What goes. */
  children: ReactNode;
}

/** Asks before something that cannot be taken back. */
export function ConfirmDialog({
  title,
  confirm,
  keep,
  isDisabled,
  isBusy,
  error,
  onConfirm,
  onClose,
  children,
}: Props) {
  const texts = useTexts(uiTexts);
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button kind="secondary" onClick={onClose}>
            {keep ?? texts.cancel}
          </Button>
          <Button kind="danger" disabled={isDisabled} isBusy={isBusy} onClick={onConfirm}>
            {confirm}
          </Button>
        </>
      }
    >
      {children}
      {error !== null && <ErrorNote error={error} />}
    </Dialog>
  );
}

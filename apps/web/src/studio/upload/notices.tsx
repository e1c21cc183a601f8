import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTexts } from '../../i18n/messages.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { useOnline } from '../../ui/use-online.ts';
import { takeOver, type Uploads } from '../../uploads/uploads.ts';
import { uploadTexts } from './texts.ts';

/** Why the upload does not go on by itself, and what helps. */
export function Notices({ uploads }: { uploads: Uploads }) {
  const texts = useTexts(uploadTexts);
  const isOnline = useOnline();
  const { uploader, folders } = uploads;
  const { missing, waiting, sending } = uploader.queue.progress.counts;
  const hasFolder = uploader.queue.list('going').some(({ phase, rootId }) => phase === 'missing' && rootId !== null);
  const allow = async () => {
    for (const rootId of await folders.allow()) uploader.reopen(rootId);
  };
  if (uploader.mode === 'halted') {
    return (
      <Note
        action={
          <Button kind="secondary" size="small" onClick={() => takeOver(uploads)}>
            {texts.takeOver}
          </Button>
        }
      >
        {texts.elsewhere}
      </Note>
    );
  }
  if (uploader.mode === 'signedOut') {
    return (
      <Note
        action={
          <Link to="/sign-in" search={{ next: '/studio/upload' }} className={buttonClass('secondary', 'small')}>
            {texts.signIn}
          </Link>
        }
      >
        {texts.signedOut}
      </Note>
    );
  }
  return (
    <>
      {!isOnline && waiting + sending > 0 && <Note>{texts.offline}</Note>}
      {uploader.mode === 'paused' && <Note>{texts.paused}</Note>}
      {missing > 0 && (
        <Note
          action={
            hasFolder && (
              <Button kind="secondary" size="small" onClick={() => void allow()}>
                {texts.allow}
              </Button>
            )
          }
        >
          {texts.missing(missing)} {texts.missingText}
        </Note>
      )}
    </>
  );
}

function Note({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div role="status" className="flex flex-wrap items-center gap-x-4 gap-y-3 rounded-md bg-warn-soft p-4 text-warn">
      <p className="min-w-0 flex-1 basis-64">{children}</p>
      {action}
    </div>
  );
}

import { createFileRoute } from '@tanstack/react-router';
import { Bell } from 'lucide-react';
import { useTexts } from '../../i18n/messages.ts';
import { RequireAccount } from '../../shell/require-account.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Page } from '../../ui/page.tsx';
import { LinesSkeleton } from '../lines-skeleton.tsx';
import { NoticeLine } from './notice-line.tsx';
import { noticesTexts } from './texts.ts';
import { useMarkRead } from './use-mark-read.ts';
import { useNotices } from './use-notices.ts';

export const Route = createFileRoute('/_find/notices')({
  component: () => (
    <RequireAccount>
      <Notices />
    </RequireAccount>
  ),
});

function Notices() {
  const texts = useTexts(noticesTexts);
  const notices = useNotices();
  const markRead = useMarkRead();
  const items = notices.data?.pages.flatMap((page) => page.items);
  const newest = items?.[0];
  const hasUnread = (notices.data?.pages[0]?.unreadCount ?? 0) > 0;
  return (
    <Page
      title={texts.title}
      actions={
        newest !== undefined &&
        hasUnread && (
          <Button
            kind="secondary"
            size="small"
            isBusy={markRead.isPending}
            onClick={() => markRead.mutate({ upTo: newest.notificationId })}
          >
            {texts.allRead}
          </Button>
        )
      }
    >
      {items === undefined && notices.error === null && <LinesSkeleton />}
      {items?.length === 0 && (
        <Empty icon={Bell} title={texts.empty}>
          {texts.emptyText}
        </Empty>
      )}
      <ul aria-live="polite" className="divide-y divide-line">
        {items?.map((notice) => (
          <NoticeLine
            key={notice.notificationId}
            notice={notice}
            onOpen={() => {
              if (notice.readAt === null) markRead.mutate({ notificationIds: [notice.notificationId] });
            }}
          />
        ))}
      </ul>
      {notices.error !== null && <ErrorNote error={notices.error} onRetry={() => void notices.refetch()} />}
      <MoreButton list={notices} label={texts.more} className="mt-4" />
    </Page>
  );
}

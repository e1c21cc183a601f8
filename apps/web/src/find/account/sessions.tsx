import { Monitor, Smartphone } from 'lucide-react';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/messages.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { deviceOf } from './device.ts';
import { accountTexts } from './texts.ts';
import { useEndSession, useSessions } from './use-sessions.ts';

/** Where I am signed in, and the way to end it there. */
export function Sessions() {
  const texts = useTexts(accountTexts);
  const format = useFormat();
  const sessions = useSessions();
  const end = useEndSession();
  if (sessions.data === undefined) {
    if (sessions.error === null) return <Skeleton className="h-24 w-full" />;
    return <ErrorNote error={sessions.error} onRetry={() => void sessions.refetch()} />;
  }
  return (
    <>
      <p className="mb-2 text-muted">{texts.sessionsHint}</p>
      <ul className="divide-y divide-line">
        {sessions.data.items.map(({ sessionId, userAgent, isCurrent, lastUsedAt }) => {
          const { browser, system } = deviceOf(userAgent);
          const Icon = system === 'iPhone' || system === 'Android' ? Smartphone : Monitor;
          const name =
            browser !== undefined && system !== undefined
              ? texts.on(browser, system)
              : (browser ?? system ?? texts.unknownDevice);
          return (
            <li key={sessionId} className="flex min-h-16 items-center gap-4 py-2">
              <Icon size={20} className="shrink-0 text-muted" aria-hidden />
              <p className="min-w-0 flex-1">
                <span className="block truncate">{name}</span>
                <span className="block text-sm text-muted">{texts.lastUsed(format.ago(lastUsedAt))}</span>
              </p>
              {isCurrent ? (
                <Badge tone="good">{texts.thisDevice}</Badge>
              ) : (
                <Button
                  kind="secondary"
                  size="small"
                  aria-label={texts.endLabel(name)}
                  isBusy={end.isPending && end.variables === sessionId}
                  onClick={() => end.mutate(sessionId)}
                >
                  {texts.end}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}

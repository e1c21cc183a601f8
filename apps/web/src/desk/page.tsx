import { createFileRoute, Link } from '@tanstack/react-router';
import { Lock } from 'lucide-react';
import { useAccount } from '../api/use-session.ts';
import { useTexts } from '../i18n/messages.ts';
import { buttonClass } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Page } from '../ui/page.tsx';
import { deskTexts } from './texts.ts';

export const Route = createFileRoute('/desk/')({ component: DeskPage });

const commands = ['jobs', 'reconcile', 'quarantine', 'backup', 'restore', 'secrets'] as const;

/** What there is for operators today. */
function DeskPage() {
  const texts = useTexts(deskTexts);
  const isOperator = useAccount()?.roles.includes('operator') ?? false;
  if (!isOperator) {
    return (
      <Page title={texts.title}>
        <Empty
          icon={Lock}
          title={texts.refusedTitle}
          action={
            <Link to="/" className={buttonClass('secondary')}>
              {texts.toHome}
            </Link>
          }
        >
          {texts.refusedText}
        </Empty>
      </Page>
    );
  }
  return (
    <Page title={texts.title}>
      <div className="max-w-2xl space-y-6">
        <p>{texts.intro}</p>
        <dl>
          {commands.map((command) => (
            <div key={command} className="flex flex-wrap justify-between gap-x-6 gap-y-1 border-b border-line py-3">
              <dt>
                <code className="rounded-sm bg-sunken px-2 py-1 text-sm">npm run {command}</code>
              </dt>
              <dd className="text-muted">{texts.commands[command]}</dd>
            </div>
          ))}
        </dl>
        <p className="text-muted">{texts.runbooks}</p>
        <a href="/docs" className={buttonClass('secondary')}>
          {texts.api}
        </a>
      </div>
    </Page>
  );
}

import { Copy, Share2 } from 'lucide-react';
import { useTexts } from '../i18n/messages.ts';
import { Button } from '../ui/button.tsx';
import { copyText } from './copy-text.ts';
import { shareTexts } from './share-texts.ts';
import { studioTexts } from './texts.ts';
import type { EventView } from './use-event.ts';

/** The link that those who were at an event are sent. */
export function ShareLink({ event }: { event: EventView }) {
  const texts = useTexts(shareTexts);
  const studio = useTexts(studioTexts);
  const link = new URL(`/e/${event.eventId}`, location.origin);
  if (event.shareToken !== undefined && event.visibility !== 'public') link.searchParams.set('share', event.shareToken);
  const share = async () => {
    // Given up by the person.
    await navigator.share({ title: event.name, text: texts.invite(event.name), url: link.href }).catch(() => {});
  };
  return (
    <section className="space-y-2">
      <h2 className="font-medium">{texts.title}</h2>
      <p className="text-sm text-muted">{texts.hint}</p>
      <div className="flex flex-wrap gap-2">
        <input
          readOnly
          aria-label={texts.title}
          value={link.href}
          onFocus={(focused) => focused.currentTarget.select()}
          className="min-h-11 min-w-0 flex-1 basis-60 rounded-md border border-edge bg-sunken px-3 text-sm text-ink"
        />
        <Button kind="secondary" onClick={() => void copyText(link.href, studio.copied)}>
          <Copy size={18} aria-hidden /> {studio.copy}
        </Button>
        {'share' in navigator && (
          <Button kind="secondary" onClick={() => void share()}>
            <Share2 size={18} aria-hidden /> {texts.share}
          </Button>
        )}
      </div>
    </section>
  );
}

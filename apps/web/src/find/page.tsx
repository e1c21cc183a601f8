import { createFileRoute, Link } from '@tanstack/react-router';
import { ScanFace } from 'lucide-react';
import { useTexts } from '../i18n/messages.ts';
import { buttonClass } from '../ui/button.tsx';
import { useTitle } from '../ui/page.tsx';
import { PublicEvents } from './landing/public-events.tsx';
import { landingTexts } from './landing/texts.ts';

export const Route = createFileRoute('/_find/')({ component: LandingPage });

/** What this is, in ten seconds, and the events. */
function LandingPage() {
  const texts = useTexts(landingTexts);
  useTitle(texts.title);
  return (
    <div className="mx-auto max-w-[100rem] px-4 pb-16 md:px-8">
      <section className="max-w-2xl py-8 md:py-16">
        <h1 className="text-3xl leading-tight font-semibold tracking-tight md:text-5xl">{texts.headline}</h1>
        <p className="mt-4 text-lg text-muted md:text-xl">{texts.text}</p>
        <p className="mt-6 flex flex-wrap items-center gap-x-4 gap-y-2">
          <Link to="/find-me" className={buttonClass('primary', 'large')}>
            <ScanFace size={22} aria-hidden />
            {texts.findMe}
          </Link>
          <a href="#events" className="inline-flex min-h-11 items-center underline underline-offset-4">
            {texts.orEvent}
          </a>
        </p>
      </section>
      <section id="events" aria-labelledby="events-title" className="scroll-mt-20">
        <h2 id="events-title" className="mb-5 text-xl font-semibold">
          {texts.events}
        </h2>
        <PublicEvents />
      </section>
    </div>
  );
}

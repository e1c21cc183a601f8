import { Link, useLocation } from '@tanstack/react-router';
import { Images, ScanFace, UserRound } from 'lucide-react';
import { useTexts } from '../../i18n/messages.ts';
import { buttonClass } from '../../ui/button.tsx';
import { findMeTexts } from './texts.ts';

const steps = [
  ['account', UserRound],
  ['selfie', ScanFace],
  ['photos', Images],
] as const;

/** What finding oneself takes, for those without an account; both ways lead back here. */
export function ForVisitors() {
  const texts = useTexts(findMeTexts);
  const { href } = useLocation();
  return (
    <div className="space-y-8">
      <p className="text-lg text-muted">{texts.visitorText}</p>
      <ol className="space-y-5">
        {steps.map(([step, Icon]) => (
          <li key={step} className="flex gap-4">
            <Icon size={24} strokeWidth={1.5} className="mt-0.5 shrink-0 text-accent" aria-hidden />
            <p>{texts.visitorSteps[step]}</p>
          </li>
        ))}
      </ol>
      <div className="flex flex-wrap gap-3">
        <Link to="/sign-up" search={{ next: href }} className={buttonClass('primary', 'large')}>
          {texts.signUp}
        </Link>
        <Link to="/sign-in" search={{ next: href }} className={buttonClass('secondary', 'large')}>
          {texts.signIn}
        </Link>
      </div>
    </div>
  );
}

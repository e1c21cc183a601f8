import { Link } from '@tanstack/react-router';
import { useTexts } from '../i18n/messages.ts';
import { shellTexts } from './texts.ts';

export function Logo() {
  return (
    <Link
      to="/"
      aria-label={useTexts(shellTexts).home}
      className="flex min-h-11 items-center gap-2 text-lg font-semibold tracking-tight"
    >
      <svg viewBox="0 0 64 64" className="size-7 text-accent" aria-hidden="true">
        <g fill="none" stroke="currentColor" strokeWidth="6" strokeLinecap="round">
          <path d="M8 22v-8a6 6 0 0 1 6-6h8M42 8h8a6 6 0 0 1 6 6v8M56 42v8a6 6 0 0 1-6 6h-8M22 56h-8a6 6 0 0 1-6-6v-8" />
        </g>
        <circle cx="32" cy="32" r="11" fill="currentColor" />
      </svg>
      Kilas
    </Link>
  );
}

import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

export type BadgeTone = 'plain' | 'accent' | 'good' | 'warn' | 'danger';

const tones: Readonly<Record<BadgeTone, string>> = {
  plain: 'bg-sunken text-muted',
  accent: 'bg-accent-soft text-accent',
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  danger: 'bg-danger-soft text-danger',
};

export function Badge({ tone = 'plain', children }: { tone?: BadgeTone; children: ReactNode }) {
  return (
    <span className={classNames('inline-block rounded-full px-2.5 py-0.5 text-sm font-medium', tones[tone])}>
      {children}
    </span>
  );
}

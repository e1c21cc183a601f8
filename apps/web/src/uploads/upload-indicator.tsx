import { Link, useLocation } from '@tanstack/react-router';
import { Upload } from 'lucide-react';
import { useEffect } from 'react';
import { useTexts } from '../i18n/messages.ts';
import { useOnline } from '../ui/use-online.ts';
import { openCount, type Progress, shareOf } from './tally.ts';
import { uploadsTexts } from './texts.ts';
import type { Mode } from './uploader.ts';
import { useUploads } from './use-uploads.ts';

/** How far uploads are, in every room and in the title of the window. */
export function UploadIndicator() {
  const uploads = useUploads();
  const { pathname } = useLocation();
  const isOnline = useOnline();
  const texts = useTexts(uploadsTexts);
  const mode = uploads?.uploader.mode ?? 'halted';
  const progress = uploads?.uploader.queue.progress;
  const isOpen = progress !== undefined && openCount(progress.counts) > 0;
  const percent = isOpen ? Math.floor(shareOf(progress) * 100) : undefined;
  useTitlePrefix(percent === undefined ? '' : `${percent}% · `);
  if (progress === undefined || !isOpen || pathname === '/studio/upload') return null;
  return (
    <Link
      to="/studio/upload"
      title={texts.toUploads}
      className="fixed bottom-20 left-4 z-40 flex min-h-11 items-center gap-3 rounded-full border border-line bg-surface px-4 py-2 text-sm shadow-float hover:bg-sunken md:bottom-6"
    >
      <Upload size={18} className="text-accent" aria-hidden />
      <span>{textOf(texts, mode, isOnline, progress)}</span>
      <span className="font-semibold tabular-nums">{percent}%</span>
    </Link>
  );
}

function textOf(texts: (typeof uploadsTexts)['en'], mode: Mode, isOnline: boolean, { counts }: Progress): string {
  const { waiting, sending, missing, making } = counts;
  if (mode === 'halted') return texts.elsewhere;
  if (mode === 'paused') return texts.paused;
  if (mode === 'signedOut' || (missing > 0 && waiting + sending === 0)) return texts.waiting;
  if (!isOnline) return texts.offline;
  return waiting + sending > 0 ? texts.going(waiting + sending) : texts.making(making);
}

/** Pages set the title as they come; this stands before it. */
function useTitlePrefix(prefix: string): void {
  useEffect(() => setTitlePrefix(prefix));
  useEffect(() => () => setTitlePrefix(''), []);
}

function setTitlePrefix(prefix: string): void {
  const title = prefix + document.title.replace(/^\d+% · /, '');
  if (document.title !== title) document.title = title;
}

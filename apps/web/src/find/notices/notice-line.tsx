import { Link } from '@tanstack/react-router';
import {
  Banknote,
  CalendarPlus,
  CircleAlert,
  Images,
  type LucideIcon,
  ScanFace,
  ShoppingBag,
  TriangleAlert,
} from 'lucide-react';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/messages.ts';
import { type Notice, pageOf } from './notice.ts';
import { noticesTexts } from './texts.ts';

const icons: Readonly<Record<Notice['kind'], LucideIcon>> = {
  matches_found: Images,
  photos_bought: ShoppingBag,
  photos_sold: Banknote,
  photos_failed: TriangleAlert,
  recognition_failed: TriangleAlert,
  facecam_failed: ScanFace,
  facecams_outdated: ScanFace,
  event_creator: CalendarPlus,
  face_enrolled_twice: CircleAlert,
};

/** One notice, which leads to what it is about. */
export function NoticeLine({ notice, onOpen }: { notice: Notice; onOpen: () => void }) {
  const texts = useTexts(noticesTexts);
  const format = useFormat();
  const Icon = icons[notice.kind] ?? CircleAlert;
  const isNew = notice.readAt === null;
  return (
    <li>
      <Link
        to={pageOf(notice)}
        onClick={onOpen}
        className="flex min-h-16 items-start gap-4 py-4 hover:bg-sunken md:-mx-3 md:rounded-md md:px-3"
      >
        <Icon size={20} className={isNew ? 'mt-0.5 shrink-0 text-accent' : 'mt-0.5 shrink-0 text-muted'} aria-hidden />
        <span className="min-w-0 flex-1">
          <span className={isNew ? 'block font-medium' : 'block text-muted'}>{notice.text}</span>
          <time dateTime={notice.createdAt} className="text-sm text-muted" title={format.moment(notice.createdAt)}>
            {format.ago(notice.createdAt)}
          </time>
        </span>
        {isNew && (
          <span className="mt-2 size-2.5 shrink-0 rounded-full bg-accent">
            <span className="sr-only">{texts.unread}</span>
          </span>
        )}
      </Link>
    </li>
  );
}

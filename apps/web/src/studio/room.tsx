import { createFileRoute, Outlet } from '@tanstack/react-router';
import { CalendarDays, LayoutDashboard, Upload, Wallet } from 'lucide-react';
import { useTexts } from '../i18n/messages.ts';
import { RequireAccount } from '../shell/require-account.tsx';
import { RoomFrame } from '../shell/room-frame.tsx';
import { shellTexts } from '../shell/texts.ts';

export const Route = createFileRoute('/studio')({ component: StudioRoom });

/** The room of those who sell photos. */
function StudioRoom() {
  const texts = useTexts(shellTexts);
  return (
    <RoomFrame
      pages={[
        { to: '/studio', label: texts.overview, icon: LayoutDashboard, isExact: true },
        { to: '/studio/events', label: texts.myEvents, icon: CalendarDays },
        { to: '/studio/upload', label: texts.upload, icon: Upload },
        { to: '/studio/earnings', label: texts.earnings, icon: Wallet },
      ]}
    >
      <RequireAccount>
        <Outlet />
      </RequireAccount>
    </RoomFrame>
  );
}

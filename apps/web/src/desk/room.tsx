import { createFileRoute, Outlet } from '@tanstack/react-router';
import { LayoutDashboard } from 'lucide-react';
import { useTexts } from '../i18n/messages.ts';
import { RequireAccount } from '../shell/require-account.tsx';
import { RoomFrame } from '../shell/room-frame.tsx';
import { shellTexts } from '../shell/texts.ts';

export const Route = createFileRoute('/desk')({ component: DeskRoom });

/** The room of those who run the installation. */
function DeskRoom() {
  const texts = useTexts(shellTexts);
  return (
    <RoomFrame pages={[{ to: '/desk', label: texts.overview, icon: LayoutDashboard, isExact: true }]}>
      <RequireAccount>
        <Outlet />
      </RequireAccount>
    </RoomFrame>
  );
}

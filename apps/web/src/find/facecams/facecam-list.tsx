import { ScanFace, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/messages.ts';
import { Badge, type BadgeTone } from '../../ui/badge.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { RemoveFacecam } from './remove-facecam.tsx';
import { facecamTexts } from './texts.ts';
import { type Facecam, useFacecams } from './use-facecams.ts';

const tones: Readonly<Record<Facecam['status'], BadgeTone>> = { pending: 'plain', ready: 'good', failed: 'danger' };

/** My selfies, each with what became of it, and the way to delete it. */
export function FacecamList() {
  const texts = useTexts(facecamTexts);
  const format = useFormat();
  const facecams = useFacecams();
  const [removing, setRemoving] = useState<Facecam>();
  if (facecams.isPending) return <Skeleton className="h-20 w-full" />;
  if (facecams.data === undefined) return <ErrorNote error={facecams.error} onRetry={() => void facecams.refetch()} />;
  if (facecams.data.length === 0) return <p className="text-muted">{texts.none}</p>;
  return (
    <>
      <ul className="divide-y divide-line border-y border-line">
        {facecams.data.map((facecam) => (
          <li key={facecam.facecamId} className="flex items-center gap-4 py-3">
            <ScanFace size={28} strokeWidth={1.5} className="shrink-0 text-muted" aria-hidden />
            <div className="min-w-0 flex-1">
              <p className="flex flex-wrap items-center gap-2">
                {texts.taken(format.moment(facecam.createdAt))}
                <Badge tone={tones[facecam.status]}>{texts.status[facecam.status]}</Badge>
                {facecam.provenLive && <Badge>{texts.proven}</Badge>}
              </p>
              {facecam.detail !== undefined && <p className="text-danger">{facecam.detail}</p>}
            </div>
            <IconButton icon={Trash2} label={texts.remove} onClick={() => setRemoving(facecam)} />
          </li>
        ))}
      </ul>
      {removing !== undefined && <RemoveFacecam facecam={removing} onClose={() => setRemoving(undefined)} />}
    </>
  );
}

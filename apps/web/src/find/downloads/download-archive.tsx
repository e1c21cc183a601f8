import { FolderDown } from 'lucide-react';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/messages.ts';
import { Button, type ButtonKind, type ButtonSize } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { downloadTexts } from './texts.ts';
import { useArchive } from './use-archive.ts';

interface Props {
  /** Of this order alone; without it all that I bought. */
  orderId?: string;
  count?: number;
  kind?: ButtonKind;
  size?: ButtonSize;
}

/** One file with all photos, as they were taken. */
export function DownloadArchive({ orderId, count, kind = 'primary', size = 'medium' }: Props) {
  const texts = useTexts(downloadTexts);
  const format = useFormat();
  const archive = useArchive(orderId);
  return (
    <div className="space-y-2">
      <Button kind={kind} size={size} isBusy={archive.isPending} onClick={() => archive.mutate()}>
        <FolderDown size={18} aria-hidden /> {count === undefined ? texts.allUncounted : texts.all(count)}
      </Button>
      <p role="status" className="text-sm text-muted empty:hidden">
        {archive.isPending && texts.preparing}
        {archive.data !== undefined && texts.begun(archive.data.photoCount, format.bytes(archive.data.sizeBytes))}
      </p>
      {archive.error !== null && <ErrorNote error={archive.error} />}
    </div>
  );
}

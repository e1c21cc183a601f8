import { Link } from '@tanstack/react-router';
import { Check, CircleAlert, Clock, Copy, FolderOpen, LoaderCircle, RotateCcw, X } from 'lucide-react';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/messages.ts';
import { classNames } from '../../ui/class-names.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { type Item, nameOf, type Phase } from '../../uploads/item.ts';
import type { Uploader } from '../../uploads/uploader.ts';
import { uploadTexts } from './texts.ts';

const rowHeight = 84;

const icons: Readonly<Record<Phase, typeof Check>> = {
  waiting: Clock,
  missing: FolderOpen,
  sending: LoaderCircle,
  making: LoaderCircle,
  onSale: Check,
  duplicate: Copy,
  refused: CircleAlert,
  failed: CircleAlert,
};

const tones: Readonly<Record<Phase, string>> = {
  waiting: 'text-muted',
  missing: 'text-warn',
  sending: 'text-accent',
  making: 'text-accent',
  onSale: 'text-good',
  duplicate: 'text-good',
  refused: 'text-danger',
  failed: 'text-danger',
};

/** One line for each file, which ends with what became of it. */
export function UploadList({ uploader, items }: { uploader: Uploader; items: readonly Item[] }) {
  const texts = useTexts(uploadTexts);
  return (
    <VirtualList label={texts.list} rows={items} keyOf={({ id }) => id} rowHeight={rowHeight}>
      {(item) => <Row item={item} uploader={uploader} />}
    </VirtualList>
  );
}

function Row({ item, uploader }: { item: Item; uploader: Uploader }) {
  const texts = useTexts(uploadTexts);
  const format = useFormat();
  const { phase, path, sizeBytes, sentBytes, photoId } = item;
  const Icon = icons[phase];
  const isTurning = phase === 'sending' || phase === 'making';
  const outcome = outcomeOf(texts, item);
  const canTryAgain = phase === 'refused' || phase === 'failed';
  return (
    <div className="flex h-full items-center gap-3 border-b border-line">
      <Icon size={20} aria-hidden className={classNames('shrink-0', tones[phase], isTurning && 'animate-spin')} />
      <div className="min-w-0 flex-1">
        <p className="flex gap-3">
          {photoId === null || phase === 'making' ? (
            <span className="truncate">{nameOf(path)}</span>
          ) : (
            <Link
              to="/studio/photos/$photoId"
              params={{ photoId }}
              className="truncate underline-offset-4 hover:underline"
            >
              {nameOf(path)}
            </Link>
          )}
          <span className="ml-auto shrink-0 text-sm text-muted tabular-nums">
            {phase === 'sending' && sentBytes > 0
              ? texts.sentOf(format.bytes(sentBytes), format.bytes(sizeBytes))
              : format.bytes(sizeBytes)}
          </span>
        </p>
        <p title={outcome} className={classNames('line-clamp-2 text-sm', canTryAgain ? 'text-danger' : 'text-muted')}>
          {outcome}
        </p>
      </div>
      {canTryAgain && <IconButton icon={RotateCcw} label={texts.retry} onClick={() => void uploader.retry([item])} />}
      {phase !== 'making' && (
        <IconButton icon={X} label={texts.remove} className="text-muted" onClick={() => void uploader.remove([item])} />
      )}
    </div>
  );
}

function outcomeOf(texts: (typeof uploadTexts)['en'], { phase, why }: Item): string {
  const said = texts.phases[phase];
  if (why === null) return said;
  return texts.because(said, why.detail === '' ? texts.noReason : why.detail);
}

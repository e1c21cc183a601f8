import { useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/messages.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Segments } from '../../ui/segments.tsx';
import type { Filter } from '../../uploads/queue.ts';
import type { Uploads } from '../../uploads/uploads.ts';
import { ProgressHead } from './progress-head.tsx';
import { uploadTexts } from './texts.ts';
import { UploadList } from './upload-list.tsx';

interface Props {
  uploads: Uploads;
  filter: Filter;
  onFilter: (filter: Filter) => void;
}

/** The upload that goes on: its progress, its list, and what can be done with it. */
export function QueueSection({ uploads: { uploader }, filter, onFilter }: Props) {
  const texts = useTexts(uploadTexts);
  const format = useFormat();
  const [isCancelling, setIsCancelling] = useState(false);
  const { queue, mode } = uploader;
  const { progress } = queue;
  const { waiting, sending, missing, making, onSale, duplicate, refused, failed } = progress.counts;
  const unsent = waiting + sending + missing;
  const counts = { all: progress.total, going: unsent + making, refused: refused + failed };
  const items = queue.list(filter);
  const cancel = () => {
    setIsCancelling(false);
    void uploader.remove(queue.list('going'));
  };
  return (
    <section className="space-y-6">
      <div className="flex flex-wrap items-end justify-between gap-4">
        <div className="min-w-0 flex-1 basis-80">
          <ProgressHead progress={progress} />
        </div>
        <div className="flex flex-wrap gap-3">
          {waiting + sending > 0 && mode === 'running' && (
            <Button kind="secondary" onClick={() => uploader.pause()}>
              {texts.pause}
            </Button>
          )}
          {mode === 'paused' && <Button onClick={() => uploader.resume()}>{texts.resume}</Button>}
          {unsent > 0 && (
            <Button kind="quiet" onClick={() => setIsCancelling(true)}>
              {texts.cancelAll}
            </Button>
          )}
          {onSale + duplicate > 0 && (
            <Button
              kind="quiet"
              onClick={() =>
                void uploader.remove(
                  queue.list('all').filter(({ phase }) => phase === 'onSale' || phase === 'duplicate'),
                )
              }
            >
              {texts.clear}
            </Button>
          )}
        </div>
      </div>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <Segments
          label={texts.filterLabel}
          value={filter}
          onChange={onFilter}
          choices={(['all', 'going', 'refused'] as const).map((value) => ({
            value,
            label: texts.filters[value],
            count: format.number(counts[value]),
          }))}
        />
        {counts.refused > 0 && (
          <Button kind="secondary" size="small" onClick={() => void uploader.retry(queue.list('refused'))}>
            {texts.retryAll}
          </Button>
        )}
      </div>
      {items.length === 0 ? (
        <p className="py-8 text-center text-muted">{filter === 'refused' ? texts.noneRefused : texts.noneGoing}</p>
      ) : (
        <UploadList uploader={uploader} items={items} />
      )}
      {isCancelling && (
        <Dialog
          title={texts.cancelTitle}
          onClose={() => setIsCancelling(false)}
          actions={
            <>
              <Button kind="secondary" onClick={() => setIsCancelling(false)}>
                {texts.keepOn}
              </Button>
              <Button kind="danger" onClick={cancel}>
                {texts.cancelAll}
              </Button>
            </>
          }
        >
          <p>{texts.cancelText(unsent)}</p>
        </Dialog>
      )}
    </section>
  );
}

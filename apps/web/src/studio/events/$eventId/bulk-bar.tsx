import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Eye, EyeOff, FolderInput, Tag, Trash2, X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTexts } from '../../../i18n/messages.ts';
import { Button } from '../../../ui/button.tsx';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { useErrorText } from '../../../ui/error-note.tsx';
import { SelectField, TextField } from '../../../ui/field.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { uiTexts } from '../../../ui/texts.ts';
import { showToast } from '../../../ui/toast-store.ts';
import {
  type BulkOutcome,
  changeHidden,
  changePrice,
  deletePhotos,
  movePhotos,
  type Refusal,
  readPrices,
  restorePrices,
} from '../../bulk.ts';
import { readRupiah } from '../../price.ts';
import { studioTexts } from '../../texts.ts';
import { useMyEvents } from '../../use-my-events.ts';
import type { OwnFilter } from '../../use-own-grid.ts';
import { eventTexts } from './texts.ts';

interface Act {
  readonly run: () => Promise<BulkOutcome>;
  readonly said: (count: number) => string;
  readonly undo?: (changed: readonly string[]) => Promise<unknown>;
  /** False when what was before is not known after all. */
  readonly mayUndo?: () => boolean;
}

interface Props {
  filter: OwnFilter;
  photoIds: readonly string[];
  onDone: () => void;
}

/** What can be done with the photos that are selected. */
export function BulkBar({ filter, photoIds, onDone }: Props) {
  const texts = useTexts(eventTexts);
  const client = useQueryClient();
  const [asks, setAsks] = useState<'price' | 'move' | 'delete'>();
  const [refused, setRefused] = useState<readonly Refusal[]>([]);
  const refresh = () => client.invalidateQueries({ queryKey: ['studio'] });
  const undo = async (act: Act, changed: readonly string[]) => {
    await act.undo?.(changed);
    await refresh();
    showToast({ text: texts.restored });
  };
  const bulk = useMutation({
    mutationFn: (act: Act) => act.run(),
    onSuccess: async ({ changed, refused: those }, act) => {
      setAsks(undefined);
      setRefused(those);
      if (changed.length > 0 || those.length === 0) {
        const canUndo = act.undo !== undefined && changed.length > 0 && act.mayUndo?.() !== false;
        showToast({ text: act.said(changed.length), ...(canUndo && { onUndo: () => void undo(act, changed) }) });
      }
      if (those.length === 0) onDone();
    },
    // Some of many parts may have been taken before one failed.
    onSettled: refresh,
  });
  const errorText = useErrorText(bulk.error);
  const hide = (hidden: boolean) =>
    bulk.mutate({
      run: () => changeHidden(photoIds, hidden),
      said: hidden ? texts.hidden : texts.shown,
      undo: (changed) => changeHidden(changed, !hidden),
    });
  const setPrice = (priceIdr: number) => {
    let before: ReadonlyMap<string, number> | undefined;
    bulk.mutate({
      run: async () => {
        before = await readPrices(photoIds, filter);
        return changePrice(photoIds, priceIdr);
      },
      said: texts.priceChanged,
      undo: async (changed) => before && restorePrices(before, changed),
      mayUndo: () => before !== undefined,
    });
  };
  const move = (eventId: string | null) =>
    bulk.mutate({
      run: () => movePhotos(photoIds, eventId),
      said: texts.moved,
      undo: (changed) => movePhotos(changed, filter.eventId === 'none' ? null : filter.eventId),
    });
  const remove = () => bulk.mutate({ run: () => deletePhotos(photoIds), said: texts.deleted });
  const close = () => setAsks(undefined);
  const { isPending } = bulk;
  return (
    <>
      <div className="fixed inset-x-0 bottom-0 z-40 border-t border-line bg-surface px-2 pb-[env(safe-area-inset-bottom)] md:top-0 md:bottom-auto md:border-t-0 md:border-b md:px-8">
        {bulk.error !== null && asks === undefined && (
          <p role="alert" className="px-2 pt-2 text-danger">
            {errorText}
          </p>
        )}
        <div className="mx-auto flex max-w-[96rem] flex-wrap items-center md:h-16 md:flex-nowrap">
          <IconButton icon={X} label={texts.clear} onClick={onDone} />
          <p role="status" className="mr-auto px-2 font-medium whitespace-nowrap tabular-nums">
            {texts.selected(photoIds.length)}
          </p>
          <div className="flex w-full justify-between md:w-auto md:gap-1">
            <Action icon={Tag} label={texts.price} isBusy={isPending} onClick={() => setAsks('price')} />
            <Action icon={EyeOff} label={texts.hide} isBusy={isPending} onClick={() => hide(true)} />
            <Action icon={Eye} label={texts.unhide} isBusy={isPending} onClick={() => hide(false)} />
            <Action icon={FolderInput} label={texts.move} isBusy={isPending} onClick={() => setAsks('move')} />
            <Action icon={Trash2} label={texts.delete} isBusy={isPending} onClick={() => setAsks('delete')} />
          </div>
        </div>
      </div>
      {asks === 'price' && (
        <PriceDialog count={photoIds.length} error={bulk.error} isBusy={isPending} onClose={close} onPrice={setPrice} />
      )}
      {asks === 'move' && (
        <MoveDialog
          from={filter.eventId}
          count={photoIds.length}
          error={bulk.error}
          isBusy={isPending}
          onClose={close}
          onMove={move}
        />
      )}
      {asks === 'delete' && (
        <ConfirmDialog
          title={texts.deleteTitle(photoIds.length)}
          confirm={texts.delete}
          error={bulk.error}
          isBusy={isPending}
          onClose={close}
          onConfirm={remove}
        >
          <p>{texts.deleteText}</p>
          <p>{texts.deleteSold}</p>
        </ConfirmDialog>
      )}
      {refused.length > 0 && <RefusedDialog refused={refused} onClose={() => setRefused([])} />}
    </>
  );
}

interface ActionProps {
  icon: typeof Tag;
  label: string;
  isBusy: boolean;
  onClick: () => void;
}

function Action({ icon: Icon, label, isBusy, onClick }: ActionProps) {
  return (
    <button
      type="button"
      disabled={isBusy}
      onClick={onClick}
      className="flex min-h-12 min-w-0 flex-auto flex-col items-center justify-center gap-0.5 rounded-md px-1 text-xs hover:bg-sunken disabled:opacity-50 md:min-h-11 md:flex-row md:gap-2 md:px-4 md:text-sm md:font-medium"
    >
      <Icon size={18} aria-hidden />
      <span className="max-w-full truncate">{label}</span>
    </button>
  );
}

interface DialogProps {
  count: number;
  error: unknown;
  isBusy: boolean;
  onClose: () => void;
}

function PriceDialog({
  count,
  error,
  isBusy,
  onClose,
  onPrice,
}: DialogProps & { onPrice: (priceIdr: number) => void }) {
  const texts = useTexts(eventTexts);
  const studio = useTexts(studioTexts);
  const [text, setText] = useState('');
  const [isTried, setIsTried] = useState(false);
  const errorText = useErrorText(error);
  const price = readRupiah(text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setIsTried(true);
    if (price !== undefined) onPrice(price);
  };
  const said = isTried && price === undefined ? texts.priceMissing : error === null ? undefined : errorText;
  return (
    <Dialog
      title={texts.priceTitle(count)}
      onClose={onClose}
      actions={
        <>
          <Button kind="secondary" onClick={onClose}>
            {useTexts(uiTexts).cancel}
          </Button>
          <Button type="submit" form="bulk-price" isBusy={isBusy}>
            {studio.save}
          </Button>
        </>
      }
    >
      <form id="bulk-price" noValidate onSubmit={submit}>
        <TextField
          label={texts.priceLabel}
          hint={texts.priceHint}
          inputMode="numeric"
          autoComplete="off"
          autoFocus
          placeholder="50.000"
          value={text}
          error={said}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </form>
    </Dialog>
  );
}

interface MoveProps extends DialogProps {
  from: string;
  onMove: (eventId: string | null) => void;
}

function MoveDialog({ from, count, error, isBusy, onClose, onMove }: MoveProps) {
  const texts = useTexts(eventTexts);
  const events = (useMyEvents().data ?? []).filter(({ eventId }) => eventId !== from);
  const [chosen, setChosen] = useState<string>();
  const errorText = useErrorText(error);
  const to = chosen ?? events[0]?.eventId ?? '';
  return (
    <Dialog
      title={texts.moveTitle(count)}
      onClose={onClose}
      actions={
        <>
          <Button kind="secondary" onClick={onClose}>
            {useTexts(uiTexts).cancel}
          </Button>
          <Button isBusy={isBusy} disabled={to === '' && from === 'none'} onClick={() => onMove(to === '' ? null : to)}>
            {texts.move}
          </Button>
        </>
      }
    >
      <SelectField
        label={texts.moveLabel}
        value={to}
        error={error === null ? undefined : errorText}
        onChange={(event) => setChosen(event.currentTarget.value)}
      >
        {events.map(({ eventId, name }) => (
          <option key={eventId} value={eventId}>
            {name}
          </option>
        ))}
        {from !== 'none' && <option value="">{texts.noEvent}</option>}
      </SelectField>
    </Dialog>
  );
}

/** Why photos are as before, each reason once. */
function RefusedDialog({ refused, onClose }: { refused: readonly Refusal[]; onClose: () => void }) {
  const texts = useTexts(eventTexts);
  const studio = useTexts(studioTexts);
  const counts = new Map<string, number>();
  for (const { detail } of refused) counts.set(detail, (counts.get(detail) ?? 0) + 1);
  return (
    <Dialog
      title={texts.refusedTitle(refused.length)}
      onClose={onClose}
      actions={
        <Button kind="secondary" onClick={onClose}>
          {texts.close}
        </Button>
      }
    >
      <ul className="space-y-2">
        {[...counts].map(([detail, count]) => (
          <li key={detail}>
            <span className="font-medium">{studio.photos(count)}:</span> {detail}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

import { useState } from 'react';
import { useTexts } from '../../i18n/messages.ts';
import { SelectField, TextField } from '../../ui/field.tsx';
import type { Terms } from '../../uploads/item.ts';
import { readRupiah } from '../price.ts';
import { useMyEvents } from '../use-my-events.ts';
import { uploadTexts } from './texts.ts';

/** What is chosen, as it is written; `terms` is undefined while something is missing. */
export interface Draft {
  readonly eventId: string;
  readonly price: string;
  readonly sale: Terms['sale'];
}

export function termsOf({ eventId, price, sale }: Draft): Terms | undefined {
  const priceIdr = readRupiah(price);
  return priceIdr === undefined ? undefined : { eventId: eventId === '' ? null : eventId, priceIdr, sale };
}

const storageKey = 'kilas.upload-terms';

/** Begins with what was chosen last in this browser. */
export function useDraft(eventId: string | undefined): readonly [Draft, (draft: Draft) => void] {
  const [draft, setDraft] = useState<Draft>(() => {
    const last = readLast();
    return { price: last?.price ?? '', sale: last?.sale ?? 'shared', eventId: eventId ?? '' };
  });
  const change = (next: Draft) => {
    localStorage.setItem(storageKey, JSON.stringify({ price: next.price, sale: next.sale }));
    setDraft(next);
  };
  return [draft, change];
}

function readLast(): Pick<Draft, 'price' | 'sale'> | undefined {
  try {
    const last: unknown = JSON.parse(localStorage.getItem(storageKey) ?? 'null');
    if (typeof last !== 'object' || last === null || !('price' in last) || !('sale' in last)) return undefined;
    return { price: String(last.price), sale: last.sale === 'exclusive' ? 'exclusive' : 'shared' };
  } catch {
    return undefined;
  }
}

interface Props {
  draft: Draft;
  onChange: (draft: Draft) => void;
  /** Somebody chose files without a price. */
  wantsPrice: boolean;
}

export function TermsForm({ draft, onChange, wantsPrice }: Props) {
  const texts = useTexts(uploadTexts);
  const events = useMyEvents().data ?? [];
  return (
    <div className="grid gap-x-6 gap-y-5 md:grid-cols-3">
      <SelectField
        label={texts.event}
        value={draft.eventId}
        onChange={(event) => onChange({ ...draft, eventId: event.currentTarget.value })}
      >
        <option value="">{texts.noEvent}</option>
        {events.map(({ eventId, name }) => (
          <option key={eventId} value={eventId}>
            {name}
          </option>
        ))}
      </SelectField>
      <TextField
        name="price"
        label={texts.price}
        inputMode="numeric"
        autoComplete="off"
        placeholder="50.000"
        value={draft.price}
        error={wantsPrice && readRupiah(draft.price) === undefined ? texts.priceMissing : undefined}
        onInput={(event) => onChange({ ...draft, price: event.currentTarget.value })}
      />
      <SelectField
        label={texts.sale}
        value={draft.sale}
        onChange={(event) =>
          onChange({ ...draft, sale: event.currentTarget.value === 'exclusive' ? 'exclusive' : 'shared' })
        }
      >
        <option value="shared">{texts.shared}</option>
        <option value="exclusive">{texts.exclusive}</option>
      </SelectField>
    </div>
  );
}

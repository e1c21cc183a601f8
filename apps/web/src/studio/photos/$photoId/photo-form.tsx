import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../../../api/api.ts';
import { ApiProblem } from '../../../api/problem.ts';
import { useTexts } from '../../../i18n/messages.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { Checkbox, SelectField, TextArea, TextField } from '../../../ui/field.tsx';
import { showToast } from '../../../ui/toast-store.ts';
import { readRupiah } from '../../price.ts';
import { studioTexts } from '../../texts.ts';
import { useMyEvents } from '../../use-my-events.ts';
import type { OwnPhoto } from '../../use-own-photo.ts';
import { photoTexts } from './texts.ts';

/** What its creator can change of a photo. */
export function PhotoForm({ photo }: { photo: OwnPhoto }) {
  const texts = useTexts(photoTexts);
  const studio = useTexts(studioTexts);
  const client = useQueryClient();
  const events = useMyEvents().data ?? [];
  const { photoId } = photo;
  const [title, setTitle] = useState(photo.title);
  const [description, setDescription] = useState(photo.description);
  const [price, setPrice] = useState(String(photo.priceIdr));
  const [hidden, setHidden] = useState(photo.hidden);
  const [eventId, setEventId] = useState(photo.eventId ?? '');
  const priceIdr = readRupiah(price);
  const save = useMutation({
    mutationFn: async () => {
      const wanted = { title, description, priceIdr, hidden, eventId: eventId === '' ? null : eventId };
      const changed = Object.entries(wanted).filter(([name, value]) => value !== photo[name as keyof typeof wanted]);
      if (changed.length === 0) return;
      await api.PATCH('/v1/photos/{photoId}', { params: { path: { photoId } }, body: Object.fromEntries(changed) });
    },
    onSuccess: async () => {
      showToast({ text: studio.saved });
      await client.invalidateQueries({ queryKey: ['studio'] });
    },
  });
  const fields = save.error instanceof ApiProblem ? save.error.fields : new Map<string, string>();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (priceIdr !== undefined) save.mutate();
  };
  return (
    <form className="space-y-5" noValidate onSubmit={submit}>
      <h2 className="text-lg font-semibold">{texts.edit}</h2>
      <TextField
        label={texts.price}
        inputMode="numeric"
        autoComplete="off"
        value={price}
        error={priceIdr === undefined ? texts.priceMissing : fields.get('priceIdr')}
        onInput={(event) => setPrice(event.currentTarget.value)}
      />
      <TextField
        label={texts.name}
        value={title}
        error={fields.get('title')}
        onInput={(event) => setTitle(event.currentTarget.value)}
      />
      <TextArea
        label={texts.description}
        rows={3}
        value={description}
        error={fields.get('description')}
        onInput={(event) => setDescription(event.currentTarget.value)}
      />
      <SelectField
        label={texts.event}
        value={eventId}
        error={fields.get('eventId')}
        onChange={(event) => setEventId(event.currentTarget.value)}
      >
        <option value="">{texts.noEvent}</option>
        {events.map((event) => (
          <option key={event.eventId} value={event.eventId}>
            {event.name}
          </option>
        ))}
      </SelectField>
      <Checkbox
        label={texts.hidden}
        hint={texts.hiddenHint}
        checked={hidden}
        onChange={(event) => setHidden(event.currentTarget.checked)}
      />
      {save.error !== null && fields.size === 0 && <ErrorNote error={save.error} />}
      <Button type="submit" isBusy={save.isPending} disabled={priceIdr === undefined}>
        {studio.save}
      </Button>
    </form>
  );
}

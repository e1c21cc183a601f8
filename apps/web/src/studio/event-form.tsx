import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { ApiProblem } from '../api/problem.ts';
import { useTexts } from '../i18n/messages.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { eventFormTexts } from './event-form-texts.ts';
import { studioTexts } from './texts.ts';
import { instantOf } from './zone-time.ts';

const visibilities = ['matches', 'unlisted', 'public'] as const;

/** What an owner says of an event, as it is written in the form. */
export interface EventDraft {
  readonly name: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly timeZone: string;
  readonly place: string;
  readonly visibility: (typeof visibilities)[number];
  readonly retentionDays: string;
}

export interface EventInput {
  name: string;
  startsAt: string;
  endsAt: string;
  timeZone: string;
  place: string | null;
  visibility: EventDraft['visibility'];
  retentionDays: number;
}

interface Props {
  initial: EventDraft;
  submitLabel: string;
  onSubmit: (input: EventInput) => void;
  isBusy: boolean;
  error: unknown;
  /** Beside the button. */
  children?: ReactNode;
}

export function EventForm({ initial, submitLabel, onSubmit, isBusy, error, children }: Props) {
  const texts = useTexts(eventFormTexts);
  const [draft, setDraft] = useState(initial);
  const [isTried, setIsTried] = useState(false);
  const set = (change: Partial<EventDraft>) => setDraft((now) => ({ ...now, ...change }));
  const fields = error instanceof ApiProblem ? error.fields : new Map<string, string>();
  const startsAt = instantOf(draft.startsAt, draft.timeZone);
  const endsAt = instantOf(draft.endsAt, draft.timeZone);
  const timeError = (time: Date | undefined) => (isTried && time === undefined ? texts.timesMissing : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setIsTried(true);
    if (startsAt === undefined || endsAt === undefined) return;
    const { name, timeZone, place, visibility, retentionDays } = draft;
    onSubmit({
      name,
      timeZone,
      visibility,
      startsAt: startsAt.toISOString(),
      endsAt: endsAt.toISOString(),
      place: place.trim() === '' ? null : place,
      retentionDays: Number(retentionDays),
    });
  };
  return (
    <form className="space-y-6" noValidate onSubmit={submit}>
      <TextField
        label={texts.name}
        required
        maxLength={120}
        placeholder={texts.namePlaceholder}
        value={draft.name}
        error={fields.get('name')}
        onInput={(event) => set({ name: event.currentTarget.value })}
      />
      <div className="grid gap-6">
        <TextField
          label={texts.starts}
          type="datetime-local"
          required
          value={draft.startsAt}
          error={fields.get('startsAt') ?? timeError(startsAt)}
          onInput={(event) => set({ startsAt: event.currentTarget.value })}
        />
        <TextField
          label={texts.ends}
          type="datetime-local"
          required
          value={draft.endsAt}
          min={draft.startsAt}
          error={fields.get('endsAt') ?? timeError(endsAt)}
          onInput={(event) => set({ endsAt: event.currentTarget.value })}
        />
      </div>
      <SelectField
        label={texts.timeZone}
        hint={texts.timeZoneHint}
        value={draft.timeZone}
        error={fields.get('timeZone')}
        onChange={(event) => set({ timeZone: event.currentTarget.value })}
      >
        {zonesWith(draft.timeZone).map((zone) => (
          <option key={zone} value={zone}>
            {zone.replaceAll('_', ' ')}
          </option>
        ))}
      </SelectField>
      <TextField
        label={texts.place}
        hint={texts.placeHint}
        maxLength={200}
        value={draft.place}
        error={fields.get('place')}
        onInput={(event) => set({ place: event.currentTarget.value })}
      />
      <Visibility value={draft.visibility} onChange={(visibility) => set({ visibility })} />
      <TextField
        label={`${texts.retention} (${texts.days})`}
        hint={texts.retentionHint}
        type="number"
        min={1}
        max={365}
        required
        className="max-w-32"
        value={draft.retentionDays}
        error={fields.get('retentionDays')}
        onInput={(event) => set({ retentionDays: event.currentTarget.value })}
      />
      {error !== null && fields.size === 0 && <ErrorNote error={error} />}
      <div className="flex flex-wrap gap-3">
        <Button type="submit" size="large" isBusy={isBusy}>
          {submitLabel}
        </Button>
        {children}
      </div>
    </form>
  );
}

interface VisibilityProps {
  value: EventDraft['visibility'];
  onChange: (value: EventDraft['visibility']) => void;
}

function Visibility({ value, onChange }: VisibilityProps) {
  const texts = useTexts(eventFormTexts);
  const studio = useTexts(studioTexts);
  const name = useId();
  return (
    <fieldset className="space-y-3">
      <legend className="mb-1.5 font-medium">{texts.visibility}</legend>
      {visibilities.map((visibility) => (
        <label
          key={visibility}
          className="flex gap-3 rounded-md border border-line p-4 has-checked:border-accent has-checked:bg-accent-soft"
        >
          <input
            type="radio"
            name={name}
            value={visibility}
            checked={value === visibility}
            onChange={() => onChange(visibility)}
            className="mt-1 size-4 shrink-0 accent-accent"
          />
          <span>
            <span className="block font-medium">{studio.visibilities[visibility]}</span>
            <span className="block text-sm text-muted">{texts.visibilityTexts[visibility]}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** Zones that the browser knows, those of Indonesia first. */
function zonesWith(chosen: string): readonly string[] {
  const nearby = ['Asia/Jakarta', 'Asia/Makassar', 'Asia/Jayapura'];
  return [...new Set([...nearby, chosen, ...Intl.supportedValuesOf('timeZone')])];
}

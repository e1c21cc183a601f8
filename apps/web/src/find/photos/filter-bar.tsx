import { useNavigate } from '@tanstack/react-router';
import { SlidersHorizontal } from 'lucide-react';
import { useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/messages.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { SelectField, TextField } from '../../ui/field.tsx';
import { hasFilters, type PhotoFilters } from './filters.ts';
import { photosTexts } from './texts.ts';
import { useFoundCreators } from './use-found-creators.ts';
import { useFoundEvents } from './use-found-events.ts';

const levelChoices = [5, 7, 9] as const;

/** Which of my photos are shown. The address holds the choice, so that it can be kept and gone back from. */
export function FilterBar({ filters }: { filters: PhotoFilters }) {
  const texts = useTexts(photosTexts);
  const format = useFormat();
  const navigate = useNavigate();
  const [isOpen, setIsOpen] = useState(hasFilters(filters));
  const events = useFoundEvents().data?.items ?? [];
  const creators = useFoundCreators(filters);
  const choose = (name: keyof PhotoFilters, value: string) => {
    const { [name]: _, ...others } = filters;
    const search = value === '' ? others : { ...others, [name]: name === 'level' ? Number(value) : value };
    void navigate({ to: '/photos', search, replace: true });
  };
  return (
    <div className="mb-5">
      <div className="flex flex-wrap gap-2">
        <Button
          kind="quiet"
          size="small"
          className="-ml-3"
          aria-expanded={isOpen}
          aria-controls="filters"
          onClick={() => setIsOpen(!isOpen)}
        >
          <SlidersHorizontal size={16} aria-hidden /> {texts.filters}
        </Button>
        {hasFilters(filters) && (
          <Button kind="quiet" size="small" onClick={() => void navigate({ to: '/photos', search: {}, replace: true })}>
            {texts.clear}
          </Button>
        )}
      </div>
      <div id="filters" className={classNames('mt-3 grid-cols-2 gap-4 md:grid-cols-5', isOpen ? 'grid' : 'hidden')}>
        <SelectField
          label={texts.event}
          value={filters.event ?? ''}
          onChange={(event) => choose('event', event.currentTarget.value)}
        >
          <option value="">{texts.allEvents}</option>
          {events.map(({ eventId, name, matchCount }) => (
            <option key={eventId} value={eventId}>
              {texts.eventCount(name, format.number(matchCount))}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={texts.creator}
          value={filters.creator ?? ''}
          onChange={(event) => choose('creator', event.currentTarget.value)}
        >
          <option value="">{texts.allCreators}</option>
          {[...creators].map(([creatorId, name]) => (
            <option key={creatorId} value={creatorId}>
              {name}
            </option>
          ))}
        </SelectField>
        <TextField
          label={texts.from}
          type="date"
          value={filters.from ?? ''}
          max={filters.to}
          onChange={(event) => choose('from', event.currentTarget.value)}
        />
        <TextField
          label={texts.to}
          type="date"
          value={filters.to ?? ''}
          min={filters.from}
          onChange={(event) => choose('to', event.currentTarget.value)}
        />
        <SelectField
          label={texts.level}
          value={filters.level ?? ''}
          onChange={(event) => choose('level', event.currentTarget.value)}
        >
          <option value="">{texts.anyLevel}</option>
          {levelChoices.map((level) => (
            <option key={level} value={level}>
              {texts.levelAtLeast[level]}
            </option>
          ))}
        </SelectField>
      </div>
    </div>
  );
}

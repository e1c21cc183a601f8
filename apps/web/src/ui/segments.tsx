import { classNames } from './class-names.ts';

interface Props<Value extends string> {
  label: string;
  value: Value;
  choices: readonly { readonly value: Value; readonly label: string; readonly count?: string }[];
  onChange: (value: Value) => void;
}

/** A few choices side by side, of which one holds. */
export function Segments<Value extends string>({ label, value, choices, onChange }: Props<Value>) {
  return (
    <div
      role="group"
      aria-label={label}
      className="-mx-4 flex max-w-[100vw] gap-1 overflow-x-auto px-4 md:mx-0 md:px-0"
    >
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          aria-pressed={choice.value === value}
          onClick={() => onChange(choice.value)}
          className={classNames(
            'flex min-h-9 shrink-0 items-center gap-2 rounded-full px-3.5 text-sm whitespace-nowrap pointer-coarse:min-h-11',
            choice.value === value ? 'bg-ink font-medium text-ground' : 'text-muted hover:bg-sunken hover:text-ink',
          )}
        >
          {choice.label}
          {choice.count !== undefined && <span className="tabular-nums">{choice.count}</span>}
        </button>
      ))}
    </div>
  );
}

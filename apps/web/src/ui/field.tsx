import { type ComponentProps, type ReactNode, useId } from 'react';
import { classNames } from './class-names.ts';

interface FieldProps {
  label: string;
  /** What to write here, below the label. */
  hint?: ReactNode;
  /** Why it was refused. */
  error?: string | undefined;
}

const controlClass =
  'block w-full min-h-11 rounded-md border bg-surface px-3 py-2 text-ink placeholder:text-muted aria-invalid:border-danger border-edge disabled:bg-sunken disabled:text-muted';

function Frame({ id, label, hint, error, children }: FieldProps & { id: string; children: ReactNode }) {
  return (
    <div className="space-y-1.5">
      <label htmlFor={id} className="block font-medium">
        {label}
      </label>
      {hint !== undefined && (
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      )}
      {children}
      {error !== undefined && (
        <p id={`${id}-error`} className="text-sm text-danger" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

type ControlProps<Element> = FieldProps & Element;

/** What the frame of a field gets, and what its control, which names hint and error to screen readers. */
function useField<Rest extends { className?: string | undefined }>({
  label,
  hint,
  error,
  ...rest
}: ControlProps<Rest>) {
  const id = useId();
  const describedBy = classNames(hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`);
  return {
    frame: { id, label, hint, error },
    control: {
      ...rest,
      id,
      className: classNames(controlClass, rest.className),
      'aria-invalid': error !== undefined || undefined,
      'aria-describedby': describedBy || undefined,
    },
  };
}

export function TextField(props: ControlProps<ComponentProps<'input'>>) {
  const { frame, control } = useField(props);
  return (
    <Frame {...frame}>
      <input {...control} />
    </Frame>
  );
}

export function TextArea(props: ControlProps<ComponentProps<'textarea'>>) {
  const { frame, control } = useField(props);
  return (
    <Frame {...frame}>
      <textarea rows={4} {...control} />
    </Frame>
  );
}

export function SelectField(props: ControlProps<ComponentProps<'select'>>) {
  const { frame, control } = useField(props);
  return (
    <Frame {...frame}>
      <select {...control} />
    </Frame>
  );
}

export function Checkbox({ label, hint, ...rest }: Omit<FieldProps, 'error'> & ComponentProps<'input'>) {
  const id = useId();
  return (
    <div className="flex gap-3">
      <input
        {...rest}
        type="checkbox"
        id={id}
        className="mt-0.5 size-5 shrink-0 accent-accent pointer-coarse:size-6"
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
      />
      <div>
        <label htmlFor={id}>{label}</label>
        {hint !== undefined && (
          <p id={`${id}-hint`} className="text-sm text-muted">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}

import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';
import { Spinner } from './spinner.tsx';

export type ButtonKind = 'primary' | 'secondary' | 'quiet' | 'danger';
export type ButtonSize = 'small' | 'medium' | 'large';

const kinds: Readonly<Record<ButtonKind, string>> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong',
  secondary: 'border border-edge bg-surface text-ink hover:bg-sunken',
  quiet: 'text-ink hover:bg-sunken',
  danger: 'border border-danger text-danger hover:bg-danger-soft',
};

const sizes: Readonly<Record<ButtonSize, string>> = {
  small: 'min-h-9 px-3 text-sm gap-1.5 pointer-coarse:min-h-11',
  medium: 'min-h-11 px-4 gap-2',
  large: 'min-h-13 px-6 text-lg gap-2.5',
};

/** For what looks like a button and is a link. */
export function buttonClass(kind: ButtonKind = 'primary', size: ButtonSize = 'medium'): string {
  return classNames(
    'inline-flex items-center justify-center rounded-md text-center font-medium leading-tight transition-colors select-none',
    'disabled:opacity-50 aria-disabled:opacity-50',
    kinds[kind],
    sizes[size],
  );
}

interface Props extends ComponentProps<'button'> {
  kind?: ButtonKind;
  size?: ButtonSize;
  /** What was asked for is under way: the button keeps its place and takes no second click. */
  isBusy?: boolean;
}

export function Button({ kind, size, isBusy = false, className, children, disabled, ...rest }: Props) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled === true || isBusy}
      aria-busy={isBusy || undefined}
      className={classNames(buttonClass(kind, size), className)}
    >
      {isBusy && <Spinner />}
      {children}
    </button>
  );
}

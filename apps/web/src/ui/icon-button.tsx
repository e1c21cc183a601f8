import type { LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';

interface Props extends Omit<ComponentProps<'button'>, 'children'> {
  icon: LucideIcon;
  /** Read out, and shown by the browser while the pointer rests on it. */
  label: string;
  /** For a switch: whether it is on. */
  isPressed?: boolean;
}

export function IconButton({ icon: Icon, label, isPressed, className, ...rest }: Props) {
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      aria-pressed={isPressed}
      {...rest}
      className={classNames(
        'inline-flex size-11 shrink-0 items-center justify-center rounded-full transition-colors hover:bg-ink/10 disabled:opacity-40',
        className,
      )}
    >
      <Icon size={20} aria-hidden fill={isPressed === true ? 'currentColor' : 'none'} />
    </button>
  );
}

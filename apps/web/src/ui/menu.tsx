import { type ReactNode, useId, useRef } from 'react';

interface Props {
  /** What opens it looks like this. */
  trigger: ReactNode;
  label: string;
  triggerClassName?: string;
  children: ReactNode;
}

/** A button that opens a list beside it. The browser closes it on Escape and on a click elsewhere; the arrow keys walk through it. */
export function Menu({ trigger, label, triggerClassName, children }: Props) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const items = () => [...(list.current?.querySelectorAll<HTMLElement>('a, button, select') ?? [])];
  return (
    <div className="relative">
      <button type="button" popoverTarget={id} aria-label={label} title={label} className={triggerClassName}>
        {trigger}
      </button>
      <div
        ref={list}
        id={id}
        role="group"
        aria-label={label}
        popover="auto"
        onToggle={(event) => {
          if (event.newState === 'open') items()[0]?.focus();
        }}
        onClick={(event) => {
          if (event.target instanceof Element && event.target.closest('a, button[data-closes]') !== null) {
            list.current?.hidePopover();
          }
        }}
        onKeyDown={(event) => {
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (step === undefined || event.target instanceof HTMLSelectElement) return;
          event.preventDefault();
          const all = items();
          const at = all.indexOf(document.activeElement as HTMLElement);
          all.at((at + step) % all.length)?.focus();
        }}
        className="inset-auto top-14 right-2 m-0 max-h-[calc(100dvh-5rem)] w-80 max-w-[calc(100vw-1rem)] overflow-auto rounded-lg border border-line bg-surface p-2 text-ink shadow-float md:right-4"
      >
        {children}
      </div>
    </div>
  );
}

export const menuItemClass =
  'flex min-h-11 w-full items-center gap-3 rounded-md px-3 py-2 text-left hover:bg-sunken focus-visible:bg-sunken';

import { type ReactNode, useEffect } from 'react';
import { classNames } from './class-names.ts';

interface Props {
  title: string;
  /** Beside the title. */
  actions?: ReactNode;
  /** Narrow for forms and texts, wide for photos. */
  width?: 'narrow' | 'middle' | 'wide';
  children: ReactNode;
}

const widths = { narrow: 'max-w-lg', middle: 'max-w-4xl', wide: 'max-w-[100rem]' };

/** A page with its heading, which is also the title of the window. */
export function Page({ title, actions, width = 'middle', children }: Props) {
  useTitle(title);
  return (
    <div className={classNames('mx-auto w-full px-4 pt-6 pb-16 md:px-8 md:pt-10', widths[width])}>
      <div className="mb-6 flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <h1 className="text-2xl font-semibold tracking-tight md:text-3xl">{title}</h1>
        {actions}
      </div>
      {children}
    </div>
  );
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === 'Kilas' ? title : `${title} · Kilas`;
  }, [title]);
}

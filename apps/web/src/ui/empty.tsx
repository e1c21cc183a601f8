import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

interface Props {
  icon: LucideIcon;
  title: string;
  /** What to do next. */
  children?: ReactNode;
  action?: ReactNode;
}

/** Nothing is here yet: says why, and what to do. */
export function Empty({ icon: Icon, title, children, action }: Props) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-4 px-4 py-16 text-center">
      <Icon size={40} strokeWidth={1.25} className="text-muted" aria-hidden />
      <h2 className="text-xl font-semibold">{title}</h2>
      {children !== undefined && <div className="text-muted">{children}</div>}
      {action}
    </div>
  );
}

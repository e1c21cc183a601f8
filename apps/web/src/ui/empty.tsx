import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

interface Props {
  icon: LucideIcon;
  title: string;
  /** What to do next. */
  children?: ReactNode;
  action?: ReactNode;
  /** For a page that is nothing else. */
  isPage?: boolean;
}

/** Nothing is here yet: says why, and what to do. */
export function Empty({ icon: Icon, title, children, action, isPage = false }: Props) {
  const Heading = isPage ? 'h1' : 'h2';
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-4 px-4 py-16 text-center">
      <Icon size={40} strokeWidth={1.25} className="text-muted" aria-hidden />
      <Heading className="text-xl font-semibold">{title}</Heading>
      {children !== undefined && <div className="text-muted">{children}</div>}
      {action}
    </div>
  );
}

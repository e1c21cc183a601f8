import { useEffect, useState } from 'react';

/** The modal dialog that lies over everything, while something is to be shown over it: what stands elsewhere cannot be reached. */
export function useTopDialog(isWatching: boolean): Element | undefined {
  const [top, setTop] = useState<Element>();
  useEffect(() => {
    if (!isWatching) return undefined;
    const look = () => setTop([...document.querySelectorAll('dialog:modal')].at(-1));
    look();
    const observer = new MutationObserver(look);
    observer.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['open'] });
    return () => observer.disconnect();
  }, [isWatching]);
  return top;
}

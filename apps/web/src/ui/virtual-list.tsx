import { type ReactNode, useEffect, useRef, useState } from 'react';

interface Props<Row> {
  label: string;
  rows: readonly Row[];
  keyOf: (row: Row) => string | number;
  /** In pixels; the same for all. */
  rowHeight: number;
  children: (row: Row) => ReactNode;
}

/** Rows drawn beyond the edges of the window. */
const spare = 8;

/** A list of any length of which only the rows near the window are drawn. It scrolls with the page. */
export function VirtualList<Row>({ label, rows, keyOf, rowHeight, children }: Props<Row>) {
  const list = useRef<HTMLUListElement>(null);
  const [range, setRange] = useState({ from: 0, to: 30 });
  useEffect(() => {
    const look = () => {
      const top = -(list.current?.getBoundingClientRect().top ?? 0);
      const from = Math.max(0, Math.floor(top / rowHeight) - spare);
      const to = Math.ceil((top + innerHeight) / rowHeight) + spare;
      setRange((now) => (now.from === from && now.to === to ? now : { from, to }));
    };
    look();
    addEventListener('scroll', look, { passive: true });
    addEventListener('resize', look);
    return () => {
      removeEventListener('scroll', look);
      removeEventListener('resize', look);
    };
  }, [rowHeight]);
  return (
    <ul ref={list} aria-label={label} className="relative" style={{ height: rows.length * rowHeight }}>
      {rows.slice(range.from, Math.max(range.from, range.to)).map((row, index) => (
        <li
          key={keyOf(row)}
          aria-setsize={rows.length}
          aria-posinset={range.from + index + 1}
          className="absolute inset-x-0"
          style={{ height: rowHeight, top: (range.from + index) * rowHeight }}
        >
          {children(row)}
        </li>
      ))}
    </ul>
  );
}

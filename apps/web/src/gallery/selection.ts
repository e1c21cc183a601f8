/** The selection with one photo more, or one less. */
export function toggled(selected: ReadonlySet<string>, photoId: string): ReadonlySet<string> {
  const next = new Set(selected);
  if (!next.delete(photoId)) next.add(photoId);
  return next;
}

/** The selection with all of these as well. */
export function joined(selected: ReadonlySet<string>, photoIds: Iterable<string>): ReadonlySet<string> {
  return new Set([...selected, ...photoIds]);
}

/** Both ends of a range, the lower one first; `to` counts in. */
export function rangeOf(one: number, other: number): { from: number; to: number } {
  return { from: Math.min(one, other), to: Math.max(one, other) };
}

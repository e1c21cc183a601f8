/** What each kind of notice makes old, by the first word of the queries' keys. */
const namesByKind = new Map<string | undefined, readonly string[]>([
  ['matches_found', ['explore', 'photo', 'event']],
  ['photos_bought', ['explore', 'photo', 'purchases', 'orders', 'lists']],
  ['photos_sold', ['creator', 'wallet']],
  ['photos_failed', ['creator']],
  ['recognition_failed', ['creator']],
  ['facecam_failed', ['facecams']],
  ['facecams_outdated', ['facecams']],
  ['event_creator', ['creator', 'event', 'invitations']],
]);

/** The queries that a notice makes old, from its data in the stream. A kind that is not known yet is a notice all the same. */
export function queriesOf(data: string): readonly string[] {
  const { kind } = JSON.parse(data) as { kind?: string };
  return ['notices', ...(namesByKind.get(kind) ?? [])];
}

import { sql } from 'kysely';

/** Who looks at a photo. */
export interface Viewer {
  readonly memberId: string | null;
  /** Token of an unlisted event's link. */
  readonly shareToken: string | null;
}

/**
 * Who may see a photo's preview, on rows of `photos`: its creator; and while it is on sale, whoever appears in it and did not
 * reject that, the holder of an unlisted event's link, and everyone in a public event. Whoever may see a preview may buy.
 */
export function maySeePreview({ memberId, shareToken }: Viewer) {
  return sql<boolean>`(
    photos.creator_id = ${memberId}::uuid
    or (
      photos.status = 'on_sale' and not photos.is_hidden
      and (
        exists (
          select 1 from events e where e.event_id = photos.event_id
          and (e.visibility = 'public' or (e.visibility = 'unlisted' and e.share_token = ${shareToken}))
        )
        or exists (
          select 1 from matches m
          where m.photo_id = photos.photo_id and m.member_id = ${memberId}::uuid and m.answer <> 'rejected'
        )
      )
    )
  )`;
}

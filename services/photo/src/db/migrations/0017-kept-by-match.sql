-- Whether nothing but a match let the member see the photo when they put it into the list; the row ends with the match. Who does not know that
-- says so: a row too few can be added again.
alter table collections add column is_by_match boolean not null default true;
update collections c set is_by_match = false from photos p
  left join events e on e.event_id = p.event_id
  where p.photo_id = c.photo_id and (
    p.creator_id = c.member_id or coalesce(e.visibility = 'public', false)
    or (coalesce(e.visibility = 'unlisted', false) and not exists (
      select from matches m where m.photo_id = c.photo_id and m.member_id = c.member_id)));

-- Under which pack a match was found; null where it was not told. Distances of two packs are not compared: what another one says takes the
-- place of what was known. What the earlier one showed stays shown: its level, its rate for all facecams together, and the facecam
-- that it rests on; null where no other pack showed it.
alter table matches
  add column pack_id text,
  add column shown_level int constraint matches_shown_level_known check (shown_level between 1 and 9),
  add column shown_rate double precision,
  add column shown_facecam_id uuid;

-- From services that prove what they erased: when a search found it no longer, when no dead row of it was left, how many of the
-- erased vectors were looked for, and what of them was still found. Null for the others.
alter table consent_erasures
  add column unsearchable_at timestamptz,
  add column gone_at timestamptz,
  add column vectors_probed integer,
  add column survivors integer;

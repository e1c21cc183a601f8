-- From a service that cut faces off from a member and did not erase them at once: until when they wait, when it was asked after that, and
-- when they were gone.
alter table consent_erasures
  add column cut_off_until timestamptz,
  add column cut_off_asked_at timestamptz,
  add column cut_off_gone_at timestamptz;
-- contract: nothing is released yet
create index consent_erasures_cut_off on consent_erasures (cut_off_until)
  where cut_off_until is not null and cut_off_asked_at is null;

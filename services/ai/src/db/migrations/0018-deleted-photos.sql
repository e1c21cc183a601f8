-- Whether the photo's creator deleted it: nothing is stored of it any more. Such a row stays; only the id is kept.
alter table photo_events add column is_deleted boolean not null default false;

-- contract: a reason more is allowed; the release before writes none but the three that it knows
alter table erasures
  drop constraint erasures_reason_known,
  -- contract: as above
  add constraint erasures_reason_known check (reason in ('withdrawal', 'retention', 'cut_off', 'deletion')) not valid;
alter table erasures validate constraint erasures_reason_known;

-- A match that the member is asked about before it is shown; what was told before ai could say so is sure, as it was shown.
alter table matches add column is_unsure boolean not null default false;

-- The buyer held the photo too long without paying, and waits until `held_until`.
alter table reserved_photos add column is_wait boolean not null default false;

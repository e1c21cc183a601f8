-- The zone of a creator's camera clock, an IANA name; null for the installation's.
alter table accounts add column time_zone text;

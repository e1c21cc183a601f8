-- What ai was last told of an event's retention; null for events that it was told nothing of.
alter table events add column faces_until_told timestamptz;

-- contract: no release holds this table yet.
create index notifications_unread on notifications (account_id) where read_at is null;

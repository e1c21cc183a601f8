-- no transaction
create unique index concurrently if not exists notifications_one_failure_digest on notifications (account_id, kind)
  where kind in ('photos_failed', 'recognition_failed') and read_at is null;

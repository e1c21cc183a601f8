-- no transaction
create index concurrently if not exists uploads_received_as on uploads (received_as) where received_as is not null;

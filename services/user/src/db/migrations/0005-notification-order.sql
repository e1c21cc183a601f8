-- Notifications of an account are inserted while the account is locked, so they become visible in this order. Their ids
-- come from the clocks of several machines and do not.
-- contract: no release holds this table yet.
alter table notifications add column position bigint generated always as identity;

-- contract: no release holds this table yet.
create unique index notifications_in_order on notifications (account_id, position);

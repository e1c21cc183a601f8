-- So that a list of orders reads no photo of them; null where the release before made the order.
alter table orders add column photo_count integer;

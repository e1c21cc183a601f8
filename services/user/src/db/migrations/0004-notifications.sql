create table notifications (
  id uuid primary key,
  account_id uuid not null references accounts (id),
  kind text not null,
  data jsonb not null,
  created_at timestamptz not null,
  read_at timestamptz,
  constraint notifications_kind_known check (kind in ('matches_found', 'photos_bought', 'photos_sold'))
);

create index notifications_by_account on notifications (account_id, id desc);
create index notifications_by_age on notifications (created_at);

-- Matches not read yet are one notification, however many come.
create unique index notifications_one_digest on notifications (account_id)
  where kind = 'matches_found' and read_at is null;

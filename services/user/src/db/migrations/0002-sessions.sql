create table sessions (
  id uuid primary key,
  account_id uuid not null references accounts (id),
  user_agent text not null,
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  end_reason text,
  constraint sessions_end_reason_known check (end_reason in ('signed_out', 'ended', 'token_reused', 'too_many')),
  constraint sessions_end_whole check ((ended_at is null) = (end_reason is null))
);

create index sessions_by_account on sessions (account_id, last_used_at desc) where ended_at is null;
create index sessions_by_expiry on sessions (expires_at);

-- All refresh tokens of a session, the one in force and those before it: using one of those again gives a theft away.
create table refresh_tokens (
  token_hash text primary key,
  session_id uuid not null references sessions (id) on delete cascade,
  created_at timestamptz not null,
  rotated_at timestamptz
);

create unique index refresh_tokens_one_in_force on refresh_tokens (session_id) where rotated_at is null;
create index refresh_tokens_by_session on refresh_tokens (session_id);

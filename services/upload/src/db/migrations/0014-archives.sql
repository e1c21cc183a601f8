-- ZIPs that a link of minutes gives. The link holds a random token, and the row its SHA-256 alone: who reads the table opens no archive.
create table archives (
  token_hash text primary key,
  file_name text not null,
  -- In the order of the ZIP; see archives/archive.ts.
  entries jsonb not null,
  expires_at timestamptz not null
);

create index archives_expiring on archives (expires_at);

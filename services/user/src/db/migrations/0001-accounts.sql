create table handled_events (
  event_id uuid primary key,
  effects jsonb not null default '{}',
  handled_at timestamptz not null default now()
);

-- Only people whose e-mail address is verified.
create table accounts (
  id uuid primary key,
  email text not null,
  username text not null,
  password_hash text not null,
  locale text not null,
  match_level smallint,
  created_at timestamptz not null,
  constraint accounts_email_unique unique (email),
  constraint accounts_username_unique unique (username),
  constraint accounts_email_normal check (email = lower(email)),
  constraint accounts_username_normal check (username ~ '^[a-z0-9_.]{3,30}$'),
  constraint accounts_locale_known check (locale in ('en', 'id')),
  constraint accounts_match_level_range check (match_level between 1 and 9)
);

-- Every attempt to register stands alone: it reserves nothing and replaces nothing. The one whose link is opened
-- becomes the account, with its own password and username; the others of that address go away.
create table registrations (
  id uuid primary key,
  email text not null,
  username text not null,
  password_hash text not null,
  locale text not null,
  created_at timestamptz not null,
  constraint registrations_locale_known check (locale in ('en', 'id'))
);

create index registrations_by_email on registrations (email, created_at desc);
create index registrations_by_username on registrations (username, created_at desc);
create index registrations_by_age on registrations (created_at);

-- No foreign key: a link is still known as used when its registration has become the account.
create table verification_links (
  token_hash text primary key,
  registration_id uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);

create index verification_links_by_expiry on verification_links (expires_at);

-- Whoever has a row here is a creator.
create table creators (
  account_id uuid primary key references accounts (id),
  display_name text not null,
  joined_at timestamptz not null
);

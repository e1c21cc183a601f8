-- The history of consent, kept for ever: who agreed to which version of the text, when, and when it was withdrawn.
-- Agreeing to a newer text while a consent is in force adds a row of the same epoch.
create table consents (
  id uuid primary key,
  account_id uuid not null references accounts (id),
  epoch integer not null,
  version text not null,
  given_at timestamptz not null,
  withdrawn_at timestamptz,
  constraint consents_epoch_version_unique unique (account_id, epoch, version),
  constraint consents_epoch_positive check (epoch > 0)
);

create index consents_in_force on consents (account_id, epoch) where withdrawn_at is null;

create table consent_receipts (
  id uuid primary key,
  account_id uuid not null references accounts (id),
  epoch integer not null,
  event_id uuid not null,
  requested_at timestamptz not null,
  constraint consent_receipts_once unique (account_id, epoch),
  constraint consent_receipts_event_unique unique (event_id)
);

-- What each service that holds face data has to remove, and what it said it removed.
create table consent_erasures (
  receipt_id uuid not null references consent_receipts (id),
  service text not null,
  effects jsonb,
  completed_at timestamptz,
  primary key (receipt_id, service),
  constraint consent_erasures_whole check ((effects is null) = (completed_at is null))
);

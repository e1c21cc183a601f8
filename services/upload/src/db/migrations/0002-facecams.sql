-- One row per member who ever had a facecam: what every write for a member locks, and, once an epoch is in it, the tombstone.
create table erased_members (
  member_id uuid primary key,
  erased_epoch integer not null default 0
);

create table facecams (
  facecam_id uuid primary key,
  member_id uuid not null references erased_members (member_id),
  consent_epoch integer not null,
  -- Of the bytes as they were sent.
  sha256 text not null,
  state text not null,
  failure_reason text,
  is_selfie_kept boolean not null,
  -- Null once the selfie is deleted, or its deletion is a job.
  selfie_key text,
  created_at timestamptz not null,
  constraint facecams_bytes_unique unique (member_id, sha256),
  constraint facecams_state_known check (state in ('pending', 'ready', 'failed')),
  constraint facecams_failure_told check ((state = 'failed') = (failure_reason is not null)),
  constraint facecams_epoch_positive check (consent_epoch > 0)
);

-- Selfies on their way to storage, before a facecam owns them; nothing says whose they are.
create table selfie_intents (
  selfie_key text primary key,
  created_at timestamptz not null
);
create index selfie_intents_created on selfie_intents (created_at);

-- When a member enrolled, for the limit of changes; nothing of a face. Rows go after 30 days.
create table facecam_enrolments (
  facecam_id uuid primary key,
  member_id uuid not null,
  enrolled_at timestamptz not null
);
create index facecam_enrolments_member on facecam_enrolments (member_id, enrolled_at);
create index facecam_enrolments_age on facecam_enrolments (enrolled_at);

-- Pictures that a process has at work, and those in whose company one died: see risky-work.ts of the platform.
create table risky_work (
  -- What it is and an id or a hash: "photo/0197…". Nobody's name.
  thing text primary key,
  -- Null: a suspect that no process has at work.
  process_id uuid,
  -- A death of that process counts: the thing is alone in it.
  counts boolean not null default false,
  seen_at timestamptz not null,
  start_count integer not null default 0,
  death_count integer not null default 0,
  quarantined_at timestamptz
);

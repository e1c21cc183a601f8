-- What a member was asked to do before the camera, until they did it or two minutes are over. A new one takes the place of the one before.
create table capture_challenges (
  member_id uuid constraint capture_challenges_pk primary key references erased_members (member_id),
  challenge_id uuid not null,
  consent_epoch integer not null,
  steps text[] not null,
  expires_at timestamptz not null,
  constraint capture_challenges_steps_known check (steps <@ array['turn_left', 'turn_right', 'blink'])
);
create index capture_challenges_age on capture_challenges (expires_at);

-- Creators who are asked to put photos into an event, and those who declined. Who accepts stands in event_creators alone.
create table event_invitations (
  event_id uuid not null references events,
  creator_id uuid not null,
  invited_at timestamptz not null,
  declined_at timestamptz,
  constraint event_invitations_pk primary key (event_id, creator_id)
);

create index event_invitations_open on event_invitations (creator_id, invited_at desc, event_id desc) where declined_at is null;

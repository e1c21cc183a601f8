-- Pairs of members who were told that their faces are alike, each once; a pair goes when one of them withdraws the consent.
create table alike_members (
  member_id uuid not null references accounts (id),
  other_member_id uuid not null references accounts (id),
  told_at timestamptz not null,
  primary key (member_id, other_member_id),
  constraint alike_members_in_order check (member_id < other_member_id)
);
create index alike_members_other on alike_members (other_member_id);

-- contract: the list grows, and nothing is released yet
alter table notifications drop constraint notifications_kind_known,
  add constraint notifications_kind_known
    check (kind in ('matches_found', 'photos_bought', 'photos_sold', 'facecams_outdated', 'face_enrolled_twice'));

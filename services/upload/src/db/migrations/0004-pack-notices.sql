-- A change of the model pack is taken up with each member once.
create table pack_notices (
  member_id uuid not null constraint pack_notices_member references erased_members (member_id),
  pack_id text not null,
  noticed_at timestamptz not null,
  constraint pack_notices_pk primary key (member_id, pack_id)
);

-- Which secret the stored vectors were turned with: one row, or none as long as nobody has served on these tables.
create table turning (
  is_only boolean constraint turning_pk primary key default true constraint turning_only_one check (is_only),
  -- Tells secrets apart and says nothing about them.
  mark text not null,
  turned_at timestamptz not null
);

-- Double entry, append-only. Ids only, no personal data.
create table entries (
  entry_id uuid primary key,
  sequence bigint not null,
  kind text not null,
  -- What caused it: the order of a sale, the received payment of a refund that is due.
  source_id uuid not null,
  posted_at timestamptz not null,
  posting_count integer not null,
  previous_hash text not null,
  hash text not null,
  constraint entries_sequence unique (sequence),
  constraint entries_source_once unique (kind, source_id),
  constraint entries_kind check (kind in ('sale', 'refund_due')),
  constraint entries_posting_count check (posting_count >= 2)
);

create table postings (
  entry_id uuid not null references entries,
  position integer not null,
  account text not null,
  -- Debits are positive, credits negative.
  amount_idr bigint not null,
  photo_id uuid,
  primary key (entry_id, position),
  constraint postings_amount check (amount_idr <> 0),
  constraint postings_account check (
    account in ('platform:cash', 'platform:commission')
    or account ~ '^(creator|refunds_payable):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
  )
);

create index postings_of_account on postings (account, entry_id desc, position) include (amount_idr);

-- The end of the hash chain. Whoever posts locks it, so entries are sealed one after another.
create table ledger_head (
  is_head boolean primary key default true check (is_head),
  sequence bigint not null,
  hash text not null
);

insert into ledger_head (sequence, hash) values (0, repeat('0', 64));

create function check_entry_balances() returns trigger language plpgsql as $$
declare
  expected integer;
  found_count integer;
  found_sum numeric;
begin
  select posting_count into expected from entries where entry_id = new.entry_id;
  select count(*), coalesce(sum(amount_idr), 0) into found_count, found_sum from postings where entry_id = new.entry_id;
  if found_count <> expected or found_sum <> 0 then
    raise exception 'entry % does not balance: % of % postings, sum %', new.entry_id, found_count, expected, found_sum
      using errcode = '23514', constraint = 'entries_balance';
  end if;
  return null;
end $$;

create constraint trigger entries_balance after insert on entries
  deferrable initially deferred for each row execute function check_entry_balances();
-- Also refuses postings that are added to an entry later: its count is sealed.
create constraint trigger postings_balance after insert on postings
  deferrable initially deferred for each row execute function check_entry_balances();

create function refuse_ledger_change() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is append-only: % on % refused', tg_op, tg_table_name using errcode = '42501';
end $$;

create trigger entries_append_only before update or delete or truncate on entries
  for each statement execute function refuse_ledger_change();
create trigger postings_append_only before update or delete or truncate on postings
  for each statement execute function refuse_ledger_change();

-- The loosest match level that the member chose since they last withdrew their consent: withdrawing erases what it showed them.
alter table accounts
  add column loosest_level smallint,
  add constraint accounts_loosest_level_range check (loosest_level between 1 and 9) not valid;

-- The epoch of the consent under which ai was last told that the confirmed face may become a template; null when it was told otherwise.
alter table matches add column told_template_epoch int;

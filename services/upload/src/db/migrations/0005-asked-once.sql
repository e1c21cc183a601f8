-- When a member was asked for a new selfie because of the change; null: not asked, their kept selfies are enrolled anew. What the release
-- before noted has asked whom it had to.
alter table pack_notices add column asked_at timestamptz;

-- contract: the list grows, and nothing is released yet
alter table notifications drop constraint notifications_kind_known,
  add constraint notifications_kind_known
    check (kind in ('matches_found', 'photos_bought', 'photos_sold', 'facecams_outdated', 'face_enrolled_twice',
      'photos_failed', 'recognition_failed', 'facecam_failed', 'event_creator'));

-- Pose in degrees, shares and quality 0 to 1; null for faces that were found before they were measured.
alter table faces
  add column yaw_deg real,
  add column pitch_deg real,
  add column roll_deg real,
  add column burnt_share real,
  add column inside_share real,
  add column quality real constraint faces_quality_share check (quality between 0 and 1);
-- contract: the pose has taken its place, and nothing is released yet
alter table faces drop column frontality;

-- What a selfie was found to be when its template was made, each 0 to 1: a speed bump, no proof.
alter table templates
  add column quality real constraint templates_quality_share check (quality between 0 and 1),
  add column real_score real constraint templates_real_share check (real_score between 0 and 1),
  add column live_score real constraint templates_live_share check (live_score between 0 and 1);

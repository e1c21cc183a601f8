-- What ai found the selfie to be when it made the template, each 0 to 1; null until then.
alter table facecams
  add column quality real,
  add column real_score real,
  add column live_score real;

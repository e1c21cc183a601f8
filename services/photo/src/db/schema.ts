import type { Generated } from 'kysely';
import type { CapturedZone } from '../viewers/captured-from.ts';

export interface CreatorRow {
  creator_id: string;
  display_name: string;
  told_at: Date;
}

export interface EventRow {
  event_id: string;
  owner_id: string;
  name: string;
  starts_at: Date;
  ends_at: Date;
  time_zone: string;
  place: string | null;
  visibility: 'matches' | 'unlisted' | 'public';
  share_token: string;
  retention_days: number;
  created_at: Date;
  /** What ai was last told. */
  faces_until_told: Date | null;
  /** What its owner chose; it may be gone, hidden or elsewhere by now. */
  cover_photo_id: string | null;
}

export interface PhotoRow {
  photo_id: string;
  creator_id: string;
  event_id: string | null;
  title: string;
  description: string;
  price_idr: bigint;
  sale: 'shared' | 'exclusive';
  latitude: number | null;
  longitude: number | null;
  sha256: string;
  size_bytes: bigint;
  format: string;
  original_key: string;
  status: Generated<'raw' | 'on_sale' | 'failed' | 'removed'>;
  failure_reason: string | null;
  is_hidden: Generated<boolean>;
  is_sold_out: Generated<boolean>;
  width: number | null;
  height: number | null;
  preview_key: string | null;
  thumbnail_key: string | null;
  /** Null for photos of a release that made none, as are the next two. */
  preview_small_key: string | null;
  thumbnail_small_key: string | null;
  thumbhash: Buffer | null;
  camera: string | null;
  recognition: Generated<'pending' | 'done' | 'failed'>;
  recognition_failure: string | null;
  face_count: number | null;
  processed_key: string | null;
  captured_at: Date;
  /** The camera's wall clock, "2026-05-01T07:30:00"; null where the file says none. */
  captured_local: string | null;
  captured_offset: string | null;
  /** What said it, e.g. "exif:DateTimeOriginal". */
  captured_field: string | null;
  /** By what it became `captured_at`; null before the photo is on sale, and for photos of a release that did not keep it. */
  captured_zone: CapturedZone | null;
  creator_time_zone: string | null;
  uploaded_at: Date;
  /** How many bought it, kept by the database. */
  sold_count: Generated<number>;
}

export interface MatchRow {
  photo_id: string;
  member_id: string;
  facecam_id: string;
  consent_epoch: number;
  distance: number;
  level: number;
  false_match_rate: number;
  box_left: number;
  box_top: number;
  box_width: number;
  box_height: number;
  facecam_count: Generated<number>;
  eye_distance_px: number | null;
  sharpness: number | null;
  exposure: number | null;
  face_quality: number | null;
  /** The member is asked before it is shown. */
  is_unsure: Generated<boolean>;
  /** Null where it was not told. */
  pack_id: string | null;
  /** What another pack had shown before; null where none had. */
  shown_level: number | null;
  /** Of all facecams together. */
  shown_rate: number | null;
  shown_facecam_id: string | null;
  answer: Generated<'suggested' | 'confirmed' | 'rejected'>;
  /** Null when ai was not told that the confirmed face may become a template. */
  told_template_epoch: Generated<number | null>;
  found_at: Date;
  /** Of the photo, kept by the database: for the order of lists. */
  event_id: Generated<string | null>;
  creator_id: Generated<string>;
  captured_at: Generated<Date>;
}

export interface CollectionRow {
  member_id: string;
  kind: 'cart' | 'wishlist' | 'favourites';
  photo_id: string;
  added_at: Date;
  /** Whether nothing but a match let the member see the photo. */
  is_by_match: Generated<boolean>;
  /** Of the photo, kept by the database. */
  event_id: Generated<string | null>;
  captured_at: Generated<Date>;
}

/** Never changed or deleted. */
export const appendOnly = ['deleted_photos'];

export interface PhotoSchema {
  creators: CreatorRow;
  events: EventRow;
  event_creators: { event_id: string; creator_id: string; starts_at: Generated<Date> };
  event_invitations: { event_id: string; creator_id: string; invited_at: Date; declined_at: Date | null };
  photos: PhotoRow;
  /** Deleted by their creator; see `isDeleted`. */
  deleted_photos: { photo_id: string; creator_id: string; deleted_at: Date };
  galleries: { gallery_id: string; creator_id: string; face_count: bigint };
  /** Kept by a trigger. */
  gallery_totals: { gallery_id: string; face_count: bigint };
  /** By what the function `photo_states` of the database calls them; kept by triggers. */
  photos_by_state: { gallery_id: string; state: string; creator_id: string; photo_count: bigint };
  matches: MatchRow;
  erased_members: { member_id: string; erased_epoch: number };
  forgotten_facecams: { facecam_id: string; member_id: string };
  bought_photos: { buyer_id: string; photo_id: string };
  reserved_photos: {
    order_id: string;
    photo_id: string;
    buyer_id: string;
    is_exclusive: boolean;
    held_until: Date;
    /** The photo is free, but for this buyer, who held it too long without paying. */
    is_wait: Generated<boolean>;
  };
  /** Of orders that are being made. */
  held_photos: { order_id: string; photo_id: string; held_until: Date };
  collections: CollectionRow;
}

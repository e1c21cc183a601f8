import type { PictureFormat } from '@kilas/pictures/picture-format.ts';
import type { ColumnType } from 'kysely';
import type { CaptureStep } from '../facecams/challenge.ts';

/** Set by the database when it is not given. */
type Defaulted<T> = ColumnType<T, T | undefined, T>;

/** What a refusal is told from, in whatever language. */
export interface StoredRefusal {
  readonly reason: string;
  readonly params: Readonly<Record<string, string>>;
}

export interface UploadSchema {
  handled_events: { event_id: string };
  uploads: {
    photo_id: string;
    creator_id: string;
    sha256: string;
    size_bytes: bigint;
    /** Of the original; null until it is counted for a photo of a release that did not count it. */
    crc32: Defaulted<bigint | null>;
    format: PictureFormat;
    /**
     * intended: the row stands, the original may; accepted: photo knows it and its job exists; processed: on sale as far as this
     * service is concerned; failed: with a reason, until someone tries again.
     */
    state: 'intended' | 'accepted' | 'processed' | 'failed';
    failure_reason: string | null;
    title: string;
    description: string;
    price_idr: bigint;
    sale: 'shared' | 'exclusive';
    event_id: string | null;
    /** Of the creator when they sent it; null where it was not known. */
    time_zone: string | null;
    latitude: number | null;
    longitude: number | null;
    original_key: string;
    compressed_key: string;
    preview_key: string;
    thumbnail_key: string;
    /** Null for photos of a release that made none, as is the next. The images of such photos are JPEGs, all others WebPs. */
    preview_small_key: Defaulted<string | null>;
    thumbnail_small_key: Defaulted<string | null>;
    processed_key: string;
    derive_count: Defaulted<number>;
    derive_count_max: number;
    /** The resumable upload that it came by. */
    received_as: Defaulted<string | null>;
    created_at: Date;
    updated_at: Date;
  };
  resumable_uploads: {
    upload_id: string;
    creator_id: string;
    size_bytes: bigint;
    /** Up to here the bytes are stored. */
    offset_bytes: bigint;
    /** As the client sent it, in the spelling of tus. */
    metadata: string;
    /**
     * receiving: bytes are to come, unless a photo was received as this; accepted, duplicate, refused: all bytes came, and that became of them;
     * gone: it expired, or was cancelled.
     */
    state: 'receiving' | 'accepted' | 'duplicate' | 'refused' | 'gone';
    /** Which photo the bytes are, accepted now or known before. */
    photo_id: string | null;
    refusal: ColumnType<StoredRefusal | null, string | null, string | null>;
    /** The request that has the upload at work, while `held_until` lies ahead by the clock of the database. */
    holder: string | null;
    held_until: Date | null;
    /** Another request waits for the holder to leave. */
    is_wanted: Defaulted<boolean>;
    created_at: Date;
    expires_at: Date;
    ended_at: Date | null;
  };
  /** The row stands before the object of a part is written. */
  resumable_parts: {
    object_key: string;
    upload_id: string;
    start_bytes: bigint;
    size_bytes: bigint;
    /** Whether it counts: its bytes are durable, and the offset of its upload stands behind them. */
    is_stored: Defaulted<boolean>;
  };
  archives: {
    /** SHA-256 of the link's token, in hex. */
    token_hash: string;
    file_name: string;
    entries: ColumnType<unknown, string, never>;
    expires_at: Date;
  };
  erased_members: { member_id: string; erased_epoch: Defaulted<number> };
  facecams: {
    facecam_id: string;
    member_id: string;
    consent_epoch: number;
    sha256: string;
    /** pending: stored, its template is a job; ready: it finds photos; failed: with a reason, it finds nothing. */
    state: 'pending' | 'ready' | 'failed';
    failure_reason: string | null;
    is_selfie_kept: boolean;
    selfie_key: string | null;
    created_at: Date;
    quality: Defaulted<number | null>;
    real_score: Defaulted<number | null>;
    live_score: Defaulted<number | null>;
    /** Whether it was proven to be taken of a person before the camera, and not of a picture. */
    proven_live: Defaulted<boolean>;
  };
  capture_challenges: {
    member_id: string;
    challenge_id: string;
    consent_epoch: number;
    steps: CaptureStep[];
    expires_at: Date;
  };
  pack_notices: { member_id: string; pack_id: string; noticed_at: Date; asked_at: Defaulted<Date | null> };
  selfie_intents: { selfie_key: string; created_at: Date };
  facecam_enrolments: { facecam_id: string; member_id: string; enrolled_at: Date };
}

import {
  EventCreatorChangedSchema,
  MatchesFoundSchema,
  PhotoFailedSchema,
} from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import { PhotosSoldSchema } from '@kilas/contracts/gen/kilas/transaction/v1/events_pb.js';
import { FacecamFailedSchema, FacecamsOutdatedSchema } from '@kilas/contracts/gen/kilas/upload/v1/events_pb.js';
import { type Subscription, subscribe } from '@kilas/platform/events/events.ts';
import type { UserContext } from '../context.ts';
import type { UserSchema } from '../db/schema.ts';
import { notifyEventCreator } from './notify-event-creator.ts';
import { notifyFacecamFailed, notifyPhotoFailed } from './notify-failed.ts';
import { notifyMatches } from './notify-matches.ts';
import { notifyOutdated } from './notify-outdated.ts';
import { notifySale } from './notify-sale.ts';
import { tellNotified } from './tell-notified.ts';

/** What others tell that becomes a notification. */
export function notificationSubscriptions(ctx: UserContext): Subscription<UserSchema>[] {
  return [
    subscribe(
      'photo',
      MatchesFoundSchema,
      (tx, event) => notifyMatches(ctx, tx, event),
      ({ memberId }) => tellNotified(ctx, [memberId]),
    ),
    subscribe(
      'photo',
      PhotoFailedSchema,
      (tx, event) => notifyPhotoFailed(ctx, tx, event),
      ({ creatorId }) => tellNotified(ctx, [creatorId]),
    ),
    subscribe(
      'photo',
      EventCreatorChangedSchema,
      (tx, event) => notifyEventCreator(ctx, tx, event),
      ({ toldId }) => tellNotified(ctx, [toldId]),
    ),
    subscribe(
      'upload',
      FacecamFailedSchema,
      (tx, event) => notifyFacecamFailed(ctx, tx, event),
      ({ memberId }) => tellNotified(ctx, [memberId]),
    ),
    subscribe(
      'upload',
      FacecamsOutdatedSchema,
      (tx, event) => notifyOutdated(ctx, tx, event),
      ({ memberId }) => tellNotified(ctx, [memberId]),
    ),
    subscribe(
      'transaction',
      PhotosSoldSchema,
      (tx, event) => notifySale(ctx, tx, event),
      ({ buyerId, photos }) => tellNotified(ctx, [buyerId, ...photos.map(({ creatorId }) => creatorId)]),
    ),
  ];
}

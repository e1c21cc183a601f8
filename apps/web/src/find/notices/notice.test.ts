import { expect, test } from 'vitest';
import { type Notice, pageOf } from './notice.ts';

const about = { notificationId: 'n', text: '', createdAt: '2026-05-01T00:00:00Z', readAt: null };
const found = (photoIds: string[], photoCount: number): Notice => ({
  ...about,
  kind: 'matches_found',
  data: { photoIds, photoCount },
});

test('a notice of one photo leads to it, and one of several to all of mine', () => {
  expect(pageOf(found(['a'], 1))).toBe('/p/a');
  expect(pageOf(found(['a', 'b'], 2))).toBe('/photos');
});

test('an invitation leads to my events, and an answer to the event', () => {
  const change = (change: 'invited' | 'accepted'): Notice => ({
    ...about,
    kind: 'event_creator',
    data: { eventId: 'e', creatorId: 'c', change },
  });
  expect(pageOf(change('invited'))).toBe('/studio/events');
  expect(pageOf(change('accepted'))).toBe('/studio/events/e');
});

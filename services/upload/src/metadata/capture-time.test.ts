import { expect, test } from 'vitest';
import { captureTimeOf } from './capture-time.ts';

const now = new Date('2026-06-01T00:00:00Z');
const taken = '2026:05:01 07:30:15';
const later = '2026:05:20 10:00:00';
const local = '2026-05-01T07:30:15';

test.each([
  [
    'the original, before all',
    { 'exif:DateTime': later, 'exif:DateTimeDigitized': later, 'exif:DateTimeOriginal': taken },
    'exif:DateTimeOriginal',
  ],
  [
    'the original of an editor, before when it was scanned',
    { 'exif:DateTimeDigitized': later, 'xmp:DateCreated': taken },
    'xmp:DateCreated',
  ],
  [
    'IPTC',
    { 'iptc:DateCreated': '20260501', 'iptc:TimeCreated': '073015', 'exif:DateTime': later },
    'iptc:DateCreated',
  ],
  ['when it was digitised', { 'exif:DateTimeDigitized': taken, 'exif:DateTime': later }, 'exif:DateTimeDigitized'],
  ['when its file was made', { 'xmp:CreateDate': '2026-05-01T07:30:15', 'xmp:ModifyDate': later }, 'xmp:CreateDate'],
  [
    'what PNG says',
    { 'png:CreationTime': 'Fri, 01 May 2026 07:30:15', 'png:ModifyDate': '2026 5 20 1 1 1' },
    'png:CreationTime',
  ],
  ['when it was changed, better than nothing', { 'exif:DateTime': taken }, 'exif:DateTime'],
])('of several dates the one that counts is %s', (_which, tags, capturedField) => {
  expect(captureTimeOf(tags, now)).toEqual({ capturedLocal: local, capturedField });
});

test.each([
  ['zeros', '0000:00:00 00:00:00'],
  ['blanks', '    :  :     :  :  '],
  ['a year to come', '2098:05:01 07:30:15'],
])('%s give way to the next date', (_what, text) => {
  const tags = { 'exif:DateTimeOriginal': text, 'exif:DateTimeDigitized': taken };
  expect(captureTimeOf(tags, now)).toEqual({ capturedLocal: local, capturedField: 'exif:DateTimeDigitized' });
  expect(captureTimeOf({ 'exif:DateTimeOriginal': text }, now)).toBeUndefined();
});

test('a day takes its time from another date of that day, or begins at midnight', () => {
  const day = { 'iptc:DateCreated': '20260501' };
  expect(captureTimeOf({ ...day, 'exif:DateTime': taken }, now)?.capturedLocal).toBe(local);
  expect(captureTimeOf({ ...day, 'exif:DateTime': later }, now)).toEqual({
    capturedLocal: '2026-05-01T00:00:00',
    capturedField: 'iptc:DateCreated',
  });
});

test('the offset is the one inside, then the one beside, then that of a date with the same clock, never that of the editing', () => {
  const offsetOf = (tags: Record<string, string>) => captureTimeOf(tags, now)?.capturedOffset;
  const original = { 'exif:DateTimeOriginal': taken };
  expect(offsetOf({ 'exif:DateTimeOriginal': `${taken}+0700`, 'exif:OffsetTimeOriginal': '+09:00' })).toBe('+07:00');
  expect(offsetOf({ ...original, 'exif:OffsetTimeOriginal': '+7:00', 'exif:OffsetTime': '-05:30' })).toBe('+07:00');
  expect(offsetOf({ ...original, 'exif:DateTime': taken, 'exif:OffsetTime': '+07:00' })).toBe('+07:00');
  expect(offsetOf({ ...original, 'xmp:DateCreated': '2026-05-01T07:30:15.27+07:00' })).toBe('+07:00');
  expect(offsetOf({ ...original, 'exif:DateTime': later, 'exif:OffsetTime': '-05:30' })).toBeUndefined();
  expect(offsetOf({ ...original, 'exif:OffsetTimeOriginal': '   :  ' })).toBeUndefined();
});

test('satellites and the time of PNG speak of universal time', () => {
  const gps = { 'exif:GPSDateStamp': '2026:05:01', 'exif:GPSTimeStamp': '0 30 15' };
  expect(captureTimeOf(gps, now)).toMatchObject({ capturedLocal: '2026-05-01T00:30:15', capturedOffset: '+00:00' });
  expect(captureTimeOf({ ...gps, 'exif:DateTimeOriginal': taken }, now)).toMatchObject({ capturedLocal: local });
  expect(captureTimeOf({ 'png:ModifyDate': '2026 5 1 0 30 15' }, now)?.capturedOffset).toBe('+00:00');
});

test('a day alone has no offset', () => {
  const tags = { 'exif:DateTimeOriginal': '2026:05:01', 'exif:OffsetTimeOriginal': '+07:00' };
  expect(captureTimeOf(tags, now)).toEqual({
    capturedLocal: '2026-05-01T00:00:00',
    capturedField: 'exif:DateTimeOriginal',
  });
});

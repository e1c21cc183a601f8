import { expect, test } from 'vitest';
import { readDate, readOffset } from './date-spelling.ts';

const whole = { day: '2026-05-01', time: '07:30:15' };

test.each([
  ['a camera', '2026:05:01 07:30:15'],
  ['blanks for zeros', '2026: 5: 1  7:30:15'],
  ['an editor with dashes', '2026-05-01 07:30:15'],
  ['an editor with slashes', '2026/05/01 07:30:15'],
  ['an editor with dots', '2026.05.01 07.30.15'],
  ['ISO 8601', '2026-05-01T07:30:15'],
  ['ISO 8601 without signs', '20260501T073015'],
  ['digits alone', '20260501073015'],
  ['fractions inside', '2026:05:01 07:30:15.27'],
  ['a colon between day and time', '2026:05:01:07:30:15'],
  ['the morning', '2026:05:01 07:30:15 AM'],
  ['a name of a zone', '2026:05:01 07:30:15 WIB'],
  ['a mail', 'Fri, 01 May 2026 07:30:15'],
  ['C', 'Fri May  1 07:30:15 2026'],
])('a date is read as %s writes it', (_who, text) => {
  expect(readDate(text)).toEqual(whole);
});

test.each([
  ['without seconds', '2026:05:01 07:30', { day: '2026-05-01', time: '07:30:00' }],
  ['in the evening', '2026:05:01 7:30:15 p.m.', { day: '2026-05-01', time: '19:30:15' }],
  ['at the end of a day', '2026:04:30 24:00:00', { day: '2026-05-01', time: '00:00:00' }],
  ['in a second that was put in', '2026:04:30 23:59:60', { day: '2026-05-01', time: '00:00:00' }],
  ['as a day alone', '2026:05:01', { day: '2026-05-01' }],
  ['as a day of IPTC', '20260501', { day: '2026-05-01' }],
  ['as a day whose time is blank', '2026:05:01   :  :  ', { day: '2026-05-01' }],
  ['as a day whose time is none', '2026:05:01 27:61:99', { day: '2026-05-01' }],
  ['long ago', '1901:05:01 07:30:15', { day: '1901-05-01', time: '07:30:15' }],
])('a date %s is read as what it says', (_how, text, date) => {
  expect(readDate(text)).toEqual(date);
});

test.each([
  ['2026:05:01 07:30:15+07:00', '+07:00'],
  ['2026:05:01 07:30:15+0700', '+07:00'],
  ['2026:05:01 07:30:15 +7:00', '+07:00'],
  ['2026:05:01 07:30:15.27+07', '+07:00'],
  ['2026-05-01T07:30:15Z', '+00:00'],
  ['2026-05-01T07:30:15-05:30', '-05:30'],
  ['20260501 073015+0700', '+07:00'],
  ['2026:05:01 07:30:15 UTC+7', '+07:00'],
  ['Fri, 01 May 2026 07:30:15 GMT', '+00:00'],
])('in %s the offset is %s', (text, offset) => {
  expect(readDate(text)).toEqual({ ...whole, offset });
});

test.each([
  '0000:00:00 00:00:00',
  '    :  :     :  :  ',
  '',
  '2026:00:00 00:00:00',
  '2026:02:31 07:30:15',
  '2026:13:41 07:30:15',
  '1899:12:31 23:59:59',
  '2201:01:01 00:00:00',
  '1970:01:01 07:00:00',
  '1980:01:01 00:00:00',
  '2026-05',
  '2026',
  '05/01/2026 07:30:15',
  'yesterday',
  '9'.repeat(5000),
])('%j is no date', (text) => {
  expect(readDate(text)).toBeUndefined();
});

test.each([
  ['+07:00', '+07:00'],
  ['+7:00', '+07:00'],
  ['+7', '+07:00'],
  ['+0700', '+07:00'],
  ['-05:30', '-05:30'],
  ['+12:45', '+12:45'],
  ['Z', '+00:00'],
  ['UTC', '+00:00'],
  ['-00:00', '+00:00'],
  ['\u221207:00', '-07:00'],
])('an offset of its own may be written %s', (text, offset) => {
  expect(readOffset(text)).toBe(offset);
});

test.each(['', '   :  ', '07:00', '+25:00', '+15:00', '+07:99', 'Zulu', 'WIB'])('%j is no offset', (text) => {
  expect(readOffset(text)).toBeUndefined();
});

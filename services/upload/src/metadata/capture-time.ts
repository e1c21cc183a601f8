import { addSeconds } from '@kilas/platform/process/clock.ts';
import { readDate, readOffset, type WrittenDate } from './date-spelling.ts';
import type { Tags } from './read-tags.ts';

/** When a photo was taken, as its file says it. */
export interface CaptureTime {
  /** Wall clock of the camera, "2026-05-01T07:30:15". */
  readonly capturedLocal: string;
  /** "+07:00"; undefined where the file does not say it. */
  readonly capturedOffset?: string;
  /** What said it, e.g. "exif:DateTimeOriginal". */
  readonly capturedField: string;
}

/** A tag with a date, and those that complete it. */
interface DateTag {
  readonly name: string;
  readonly time?: string;
  readonly offset?: string;
  /** Whether it is in universal time, as it is defined. */
  readonly isUniversal?: boolean;
}

/**
 * The order in which dates count. First those that mean the moment of the photo, in the camera's words before an editor's; then when it
 * was digitised, or its file made, which for a camera is the same moment; last when it was changed, better than no date at all.
 */
const dateTags: readonly DateTag[] = [
  { name: 'exif:DateTimeOriginal', offset: 'exif:OffsetTimeOriginal' },
  { name: 'xmp:DateTimeOriginal', offset: 'xmp:OffsetTimeOriginal' },
  { name: 'xmp:DateCreated' },
  { name: 'iptc:DateCreated', time: 'iptc:TimeCreated' },
  { name: 'png:exif:DateTimeOriginal', offset: 'png:exif:OffsetTimeOriginal' },
  { name: 'exif:DateTimeDigitized', offset: 'exif:OffsetTimeDigitized' },
  { name: 'xmp:DateTimeDigitized', offset: 'xmp:OffsetTimeDigitized' },
  { name: 'xmp:CreateDate' },
  { name: 'iptc:DigitalCreationDate', time: 'iptc:DigitalCreationTime' },
  { name: 'png:CreationTime' },
  { name: 'png:exif:DateTimeDigitized' },
  { name: 'xmp:datetime' },
  { name: 'xmp:date' },
  { name: 'exif:GPSDateStamp', time: 'exif:GPSTimeStamp', isUniversal: true },
  { name: 'exif:DateTime', offset: 'exif:OffsetTime' },
  { name: 'xmp:DateTime' },
  { name: 'xmp:ModifyDate' },
  { name: 'png:exif:DateTime' },
  { name: 'png:ModifyDate', isUniversal: true },
];

/** A camera's clock may run ahead, and a wall clock without a zone by half a day. */
const aheadMaxSeconds = 2 * 86_400;

type Candidate = WrittenDate & { readonly name: string };

/**
 * Which of a file's dates is the capture time. The first one in the order that is a date and not in the future wins. A day without a
 * time takes the time of the next date of that day, or begins at midnight. A time without an offset takes that of another date
 * which shows the same wall clock, and of no other: the offset of the editing is not the camera's.
 */
export function captureTimeOf(tags: Tags, now: Date): CaptureTime | undefined {
  const dates = dateTags.flatMap((tag) => candidateOf(tags, tag)).filter((date) => !isAhead(date, now));
  const [first] = dates;
  if (first === undefined) return undefined;
  const full =
    first.time === undefined ? dates.find(({ day, time }) => day === first.day && time !== undefined) : first;
  if (full?.time === undefined) return { capturedLocal: `${first.day}T00:00:00`, capturedField: first.name };
  const { day, time } = full;
  const twin = dates.find((date) => date.day === day && date.time === time && date.offset !== undefined);
  const offset = full.offset ?? twin?.offset;
  return {
    capturedLocal: `${day}T${time}`,
    ...(offset === undefined ? {} : { capturedOffset: offset }),
    capturedField: first.name,
  };
}

function candidateOf(tags: Tags, tag: DateTag): Candidate[] {
  const text = tags[tag.name];
  if (text === undefined) return [];
  const time = tag.time === undefined ? undefined : tags[tag.time];
  const date = (time === undefined ? undefined : readDate(`${text} ${time}`)) ?? readDate(text);
  if (date === undefined) return [];
  const besides = tag.isUniversal === true ? '+00:00' : readOffset(tags[tag.offset ?? ''] ?? '');
  const offset = date.offset ?? besides;
  return [{ ...date, name: tag.name, ...(offset === undefined || date.time === undefined ? {} : { offset }) }];
}

function isAhead({ day, time = '00:00:00' }: WrittenDate, now: Date): boolean {
  return new Date(`${day}T${time}Z`) > addSeconds(now, aheadMaxSeconds);
}

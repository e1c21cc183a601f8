import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/messages.ts';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { openCount, type Progress, shareOf } from '../../uploads/tally.ts';
import { uploadsTexts } from '../../uploads/texts.ts';
import { uploadTexts } from './texts.ts';

/** How far the whole upload is, how fast, and how long it will take. */
export function ProgressHead({ progress }: { progress: Progress }) {
  const texts = useTexts(uploadTexts);
  const format = useFormat();
  const left = useTimeLeft(progress.secondsLeft);
  const { counts, total, sentBytes, totalBytes, bytesPerSecond } = progress;
  const { waiting, sending, missing, making } = counts;
  const unsent = waiting + sending + missing;
  const headline =
    openCount(counts) === 0
      ? texts.done
      : unsent === 0
        ? texts.preparing(making)
        : texts.sentOf(format.number(total - unsent), format.number(total));
  return (
    <div className="space-y-3">
      <p className="text-2xl font-semibold tracking-tight tabular-nums">{headline}</p>
      <ProgressBar label={texts.progress} share={shareOf(progress)} />
      <p className="flex min-h-6 flex-wrap gap-x-4 text-muted tabular-nums">
        <span>{texts.sentOf(format.bytes(sentBytes), format.bytes(totalBytes))}</span>
        {bytesPerSecond > 0 && <span>{texts.rate(format.bytes(bytesPerSecond))}</span>}
        {left !== undefined && unsent > 0 && <span>{left}</span>}
      </p>
    </div>
  );
}

function useTimeLeft(seconds: number | undefined): string | undefined {
  const texts = useTexts(uploadsTexts);
  if (seconds === undefined) return undefined;
  if (seconds < 60) return texts.secondsLeft;
  if (seconds < 5_400) return texts.minutesLeft(Math.round(seconds / 60));
  return texts.hoursLeft(Math.round(seconds / 3_600));
}

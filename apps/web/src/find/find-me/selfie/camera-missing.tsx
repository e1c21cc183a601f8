import { CameraOff } from 'lucide-react';
import { useTexts } from '../../../i18n/messages.ts';
import { selfieTexts } from './texts.ts';

/** No picture of the camera comes: says why and what helps; the file stands below it. */
export function CameraMissing({ state }: { state: 'refused' | 'absent' | 'busy' }) {
  const texts = useTexts(selfieTexts);
  return (
    <div role="alert" className="flex gap-3 rounded-md bg-warn-soft p-4 text-warn">
      <CameraOff size={20} className="mt-0.5 shrink-0" aria-hidden />
      <p>{texts.missing[state]}</p>
    </div>
  );
}

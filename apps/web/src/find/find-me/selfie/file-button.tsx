import { ImageUp } from 'lucide-react';
import { useId } from 'react';
import { useTexts } from '../../../i18n/messages.ts';
import { buttonClass } from '../../../ui/button.tsx';
import { selfieTexts } from './texts.ts';

/** The other way: a picture that is there already. Phones give a JPEG where they keep HEIC, because only these kinds are asked for. */
export function FileButton({ onChosen }: { onChosen: (file: File) => void }) {
  const texts = useTexts(selfieTexts);
  const id = useId();
  return (
    <div className="flex justify-center">
      <input
        id={id}
        type="file"
        accept="image/jpeg,image/png,image/webp"
        className="peer sr-only"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file !== undefined) onChosen(file);
        }}
      />
      <label
        htmlFor={id}
        className={`${buttonClass('secondary')} cursor-pointer peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-accent`}
      >
        <ImageUp size={18} aria-hidden />
        {texts.file}
      </label>
    </div>
  );
}

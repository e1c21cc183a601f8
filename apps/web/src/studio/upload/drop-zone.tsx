import { ImageUp } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTexts } from '../../i18n/messages.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { type Found, filesOfDrop, filesOfFolder, filesOfInput } from '../../uploads/find-files.ts';
import type { Folders } from '../../uploads/folders.ts';
import { uploadTexts } from './texts.ts';

interface Props {
  folders: Folders;
  /** Less high, beside a list. */
  isSmall: boolean;
  onFound: (found: AsyncGenerator<Found>) => void;
}

/** Where photos and folders are dropped or chosen. */
export function DropZone({ folders, isSmall, onFound }: Props) {
  const texts = useTexts(uploadTexts);
  const [isOver, setIsOver] = useState(false);
  const folderInput = useRef<HTMLInputElement>(null);
  const photosInput = useRef<HTMLInputElement>(null);
  const keep = (root: FileSystemDirectoryHandle) => folders.keep(root);
  const chooseFolder = async () => {
    if (window.showDirectoryPicker === undefined) {
      folderInput.current?.click();
      return;
    }
    // Given up by the person.
    const root = await window.showDirectoryPicker({ mode: 'read' }).catch(() => undefined);
    if (root !== undefined) onFound(filesOfFolder(root, keep));
  };
  /** An input that gave its files is replaced: to empty it would empty its list, and to copy a list of thousands takes a second. */
  const [inputCount, setInputCount] = useState(0);
  const take = (input: HTMLInputElement) => {
    if (input.files !== null && input.files.length > 0) onFound(filesOfInput(input.files));
    setInputCount((count) => count + 1);
  };
  return (
    <section
      aria-label={texts.dropTitle}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setIsOver(false);
        if (event.dataTransfer !== null) onFound(filesOfDrop(event.dataTransfer, keep));
      }}
      className={classNames(
        'flex flex-col items-center justify-center gap-4 rounded-lg border border-dashed border-edge px-6 text-center transition-colors',
        isSmall ? 'py-6' : 'py-14 md:py-20',
        isOver && 'border-accent bg-accent-soft',
      )}
    >
      {!isSmall && <ImageUp size={40} strokeWidth={1.25} className="text-muted" aria-hidden />}
      <div className="space-y-1">
        <p className={isSmall ? 'font-medium' : 'text-xl font-semibold'}>
          <span className="pointer-coarse:hidden">{texts.dropTitle}</span>
          <span className="hidden pointer-coarse:inline">{texts.chooseTitle}</span>
        </p>
        {!isSmall && <p className="max-w-lg text-muted">{texts.dropText}</p>}
      </div>
      <div className="flex flex-wrap justify-center gap-3">
        <Button kind={isSmall ? 'secondary' : 'primary'} onClick={() => void chooseFolder()}>
          {texts.chooseFolder}
        </Button>
        <Button kind="secondary" onClick={() => photosInput.current?.click()}>
          {texts.choosePhotos}
        </Button>
      </div>
      <input
        key={`folder ${inputCount}`}
        ref={folderInput}
        type="file"
        multiple
        hidden
        aria-label={texts.chooseFolder}
        data-choose="folder"
        {...{ webkitdirectory: true }}
        onChange={(event) => take(event.currentTarget)}
      />
      <input
        key={`photos ${inputCount}`}
        ref={photosInput}
        type="file"
        multiple
        hidden
        aria-label={texts.choosePhotos}
        data-choose="photos"
        accept="image/jpeg,image/png,image/webp,image/avif,image/tiff"
        onChange={(event) => take(event.currentTarget)}
      />
    </section>
  );
}

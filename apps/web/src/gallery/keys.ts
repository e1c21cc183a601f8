import { useTexts } from '../i18n/messages.ts';
import { galleryTexts } from './texts.ts';

export interface KeyLine {
  readonly keys: readonly string[];
  readonly does: string;
}

/** What the keys do in a grid and in the viewer, for a dialog. */
export function useGalleryKeys(canSelect: boolean): readonly KeyLine[] {
  const { keys } = useTexts(galleryTexts);
  return [
    { keys: ['←', '→', '↑', '↓'], does: keys.move },
    { keys: ['Home', 'End'], does: keys.ends },
    { keys: ['Page ↑', 'Page ↓'], does: keys.pages },
    { keys: ['Enter'], does: keys.open },
    ...(canSelect
      ? [
          { keys: ['X'], does: keys.select },
          { keys: ['Shift + X', 'Shift + click'], does: keys.range },
          { keys: ['Ctrl + A'], does: keys.all },
          { keys: ['Esc'], does: keys.none },
        ]
      : []),
    { keys: ['?'], does: keys.help },
  ];
}

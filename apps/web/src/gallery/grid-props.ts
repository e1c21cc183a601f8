import type { ReactNode, RefObject } from 'react';
import type { GridPhoto, Selection } from './columns.ts';

/** For what stands beside the grid, such as the viewer. */
export interface GridHandle {
  readonly count: number;
  /** Undefined where the list ends; waits for a part that is not loaded. */
  photoAt(index: number): Promise<GridPhoto | undefined>;
  /** Of a photo that is loaded; -1 of others. */
  indexOf(photoId: string): number;
  /** Scrolls to the photo and gives it the focus. */
  focus(index: number): void;
}

export interface GridProps {
  /** What these photos are, for those who do not see them. */
  label: string;
  onOpen: (photoId: string, index: number) => void;
  /** Without it nothing can be selected. */
  selection?: Selection | undefined;
  /** Stands over a photo: a price, a state, a question. Place it with `absolute`; only its own elements take clicks. */
  renderMark?: ((photo: GridPhoto, index: number) => ReactNode) | undefined;
  /** Called when somebody asks for the keys with `?`. */
  onKeys?: (() => void) | undefined;
  /** For the times of photos; without it that of the browser. */
  timeZone?: string | undefined;
  /** Filled while the grid is there. */
  handle?: RefObject<GridHandle | null> | undefined;
}

import {
  type KeyboardEvent,
  type MouseEvent,
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useLanguage, useTexts } from '../i18n/messages.ts';
import { ErrorNote } from '../ui/error-note.tsx';
import type { GridPhoto, GridSource } from './columns.ts';
import type { GridModel, Row } from './grid-model.ts';
import type { GridProps } from './grid-props.ts';
import { type Drawn, GridView } from './grid-view.ts';
import type { ImageLoader } from './image-loader.ts';
import type { Measure } from './justify.ts';
import { indexAfter } from './next-photo.ts';
import { SegmentLoader } from './segment-loader.ts';
import { joined, rangeOf, toggled } from './selection.ts';
import { galleryTexts } from './texts.ts';
import { Tile } from './tile.tsx';

interface Props extends GridProps {
  model: GridModel;
  images: ImageLoader;
  source?: GridSource | undefined;
  /** Asks for more at the end; undefined where there is no more. */
  onMore?: (() => void) | undefined;
}

/** A shorter list needs no times while it is scrolled. */
const timedMin = 500;

/** Draws what is near the screen of a list of photos, and lets keys and pointers walk through it. */
export function Tiles(props: Props) {
  const { model, images, source, label, onOpen, selection, renderMark, onKeys, onMore, timeZone, handle } = props;
  const texts = useTexts(galleryTexts);
  const language = useLanguage();
  const element = useRef<HTMLDivElement>(null);
  const layer = useRef<HTMLUListElement>(null);
  const view = useRef<GridView>(undefined);
  const [drawn, setDrawn] = useState<Drawn>();
  const [active, setActive] = useState(0);
  /** The photo that gets the focus as soon as it is drawn. */
  const wanted = useRef<number>(undefined);
  const isFocused = useRef(false);
  const lastSelected = useRef(0);
  const [, setFailureCount] = useState(0);

  const timeFormat = useMemo(
    () =>
      new Intl.DateTimeFormat(language === 'id' ? 'id-ID' : 'en-GB', {
        dateStyle: 'medium',
        timeStyle: 'short',
        ...(timeZone === undefined ? {} : { timeZone }),
      }),
    [language, timeZone],
  );
  const numbers = useMemo(() => new Intl.NumberFormat(language === 'id' ? 'id-ID' : 'en-GB'), [language]);
  const loader = useMemo(() => {
    if (source === undefined) return undefined;
    const changed = () => setFailureCount((count) => count + 1);
    return new SegmentLoader(
      source,
      (segment, columns) => {
        model.load(segment, columns);
        know(images, columns);
        view.current?.show(model);
      },
      changed,
    );
  }, [source, model, images]);
  useEffect(() => () => loader?.close(), [loader]);

  const moreAsked = useRef(-1);
  const timeLabel = useRef<HTMLParagraphElement>(null);
  const latest = useRef({ loader, onMore, model, images, tellTime });
  latest.current = { loader, onMore, model, images, tellTime };

  /** Beside the scrollbar, so that somebody who looks for a time finds it among many photos. */
  function tellTime(element: HTMLElement, { isRushing, time, part }: GridView) {
    element.hidden = !isRushing || time === undefined || time === '' || model.count < timedMin;
    if (element.hidden || time === undefined) return;
    element.textContent = timeFormat.format(new Date(time));
    element.style.translate = `0 ${10 + 80 * part}vh`;
  }

  useLayoutEffect(() => {
    if (element.current === null || layer.current === null) return undefined;
    const made = new GridView(element.current, layer.current, model, setDrawn, (looking) => {
      const now = latest.current;
      now.loader?.want(looking.missing, looking.isRushing);
      const { from, to } = looking.visible;
      now.images.look((from + to) / 2, looking.isRushing);
      if (looking.isNearEnd && now.onMore !== undefined && moreAsked.current !== now.model.count) {
        moreAsked.current = now.model.count;
        now.onMore();
      }
      if (timeLabel.current !== null) now.tellTime(timeLabel.current, looking);
    });
    view.current = made;
    return () => made.close();
    // It is told of other models below.
  }, []);

  useLayoutEffect(() => {
    if (source?.first !== undefined) know(images, source.first);
    view.current?.show(model);
  }, [model, images, source]);

  const labelOf = (photo: GridPhoto, index: number) => {
    if (photo.alt !== undefined) return photo.alt;
    const place = [numbers.format(index + 1), numbers.format(model.count)] as const;
    if (photo.capturedAt === undefined) return texts.photo(...place);
    return texts.photoAt(...place, timeFormat.format(new Date(photo.capturedAt)));
  };

  const loadUpTo = useCallback(
    async (from: number, to: number): Promise<string[]> => {
      const blocks = model.blocks.slice(model.blockOf(from), model.blockOf(to) + 1);
      const missing = blocks.flatMap(({ segment, columns }) =>
        segment === undefined || columns !== undefined ? [] : [segment],
      );
      const [first, last] = [model.anchorOf(from), model.anchorOf(to)];
      for (const segment of missing) {
        if (source === undefined) break;
        model.load(segment, await source.loadSegment(segment, new AbortController().signal));
      }
      if (missing.length > 0) view.current?.show(model);
      const ids = [];
      const end = (model.blocks[last.block]?.start ?? 0) + last.photo;
      for (let index = (model.blocks[first.block]?.start ?? 0) + first.photo; index <= end; index += 1) {
        const photoId = model.photoAt(index)?.photoId;
        if (photoId !== undefined) ids.push(photoId);
      }
      return ids;
    },
    [model, source],
  );

  const focus = useCallback((index: number) => {
    wanted.current = index;
    setActive(index);
    view.current?.reveal(index);
  }, []);

  useImperativeHandle(
    handle,
    () => ({
      count: model.count,
      photoAt: async (index) => {
        if (index < 0 || index >= model.count) return undefined;
        if (model.photoAt(index) === undefined) await loadUpTo(index, index);
        return model.photoAt(index);
      },
      indexOf: (photoId) => model.indexOf(photoId),
      focus,
    }),
    [model, loadUpTo, focus],
  );

  const visibleFrom = view.current?.visible.from ?? 0;
  const rows = drawn === undefined ? [] : withActive(drawn.rows, model, isFocused.current ? active : undefined);

  const isActiveDrawn = rows.some(({ index, photos }) => active >= index && active < index + photos.length);
  const tabStop = isActiveDrawn ? active : visibleFrom;

  useLayoutEffect(() => {
    const isLost = isFocused.current && document.activeElement === document.body;
    if (wanted.current === undefined && !isLost) return;
    const target = layer.current?.querySelector<HTMLElement>(`[data-index="${wanted.current ?? active}"]`);
    if (target == null) return;
    wanted.current = undefined;
    target.focus({ preventScroll: true });
  });

  useEffect(() => {
    if (active >= model.count) setActive(Math.max(0, model.count - 1));
  }, [active, model]);

  async function selectTo(index: number) {
    const { from, to } = rangeOf(lastSelected.current, index);
    selection?.onChange(joined(selection.selected, await loadUpTo(from, to)));
  }

  function select(index: number, isRange: boolean) {
    const photoId = model.photoAt(index)?.photoId;
    if (selection === undefined || photoId === undefined) return;
    if (isRange) void selectTo(index);
    else selection.onChange(toggled(selection.selected, photoId));
    lastSelected.current = index;
  }

  async function selectAll() {
    const visible = view.current?.visible;
    if (selection === undefined || visible === undefined) return;
    const onScreen = await loadUpTo(visible.from, visible.to - 1);
    const isMore = onScreen.some((photoId) => !selection.selected.has(photoId));
    const photoIds = isMore ? onScreen : await loadUpTo(0, model.count - 1);
    selection.onChange(joined(selection.selected, photoIds));
  }

  function click(event: MouseEvent) {
    const target =
      event.target instanceof Element ? event.target.closest<HTMLElement>('[data-index], [data-check]') : null;
    if (target === null) return;
    const index = Number(target.dataset.index ?? target.dataset.check);
    setActive(index);
    const isSelecting = event.shiftKey || event.ctrlKey || event.metaKey || (selection?.selected.size ?? 0) > 0;
    if (selection !== undefined && (target.dataset.check !== undefined || isSelecting)) select(index, event.shiftKey);
    else open(index);
  }

  function open(index: number) {
    const photoId = model.photoAt(index)?.photoId;
    if (photoId !== undefined) onOpen(photoId, index);
  }

  function press(event: KeyboardEvent) {
    if (!(event.target instanceof HTMLElement) || event.target.dataset.index === undefined) return;
    const index = Number(event.target.dataset.index);
    const target =
      event.ctrlKey || event.metaKey || event.altKey
        ? undefined
        : indexAfter(event.key, index, model, window.innerHeight * 0.8);
    if (target !== undefined) focus(target);
    else if (event.key === 'Enter') open(index);
    else if (event.key === '?' && onKeys !== undefined) onKeys();
    else if (selection === undefined) return;
    else if (event.key.toLowerCase() === 'x' && !event.ctrlKey && !event.metaKey) select(index, event.shiftKey);
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) void selectAll();
    else if (event.key === 'Escape' && selection.selected.size > 0) selection.onChange(new Set());
    else return;
    event.preventDefault();
  }

  const failure = loader?.failure;
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the buttons inside take the clicks and keys; one listener serves all of them */}
      <div
        ref={element}
        className="relative overflow-clip select-none"
        onClick={click}
        onKeyDown={press}
        onFocusCapture={(event) => {
          isFocused.current = true;
          const index = event.target instanceof HTMLElement ? event.target.dataset.index : undefined;
          if (index !== undefined) setActive(Number(index));
        }}
        onBlurCapture={(event) => {
          const left = event.target;
          setTimeout(() => {
            if (left instanceof Element && left.isConnected)
              isFocused.current = element.current?.contains(document.activeElement) === true;
          });
        }}
      >
        <ul ref={layer} aria-label={label} className="absolute inset-x-0">
          {rows.flatMap((row) =>
            row.photos.map(({ photo, left, width }, at) => (
              <Tile
                key={photo.photoId}
                photo={photo}
                index={row.index + at}
                total={model.count}
                label={labelOf(photo, row.index + at)}
                left={left}
                top={row.top - (drawn?.base ?? 0)}
                width={width}
                height={row.height}
                images={images}
                isActive={row.index + at === tabStop}
                isSelected={selection?.selected.has(photo.photoId)}
                selectLabel={texts.select}
                renderMark={renderMark}
              />
            )),
          )}
          {drawn?.gaps.map(({ key, top, height }) => (
            <li
              key={key}
              aria-hidden
              className="absolute inset-x-0 top-0"
              style={{ height, translate: `0 ${top - drawn.base}px`, background: emptyRows(drawn.measure) }}
            />
          ))}
        </ul>
      </div>
      <p
        ref={timeLabel}
        hidden
        aria-hidden
        className="pointer-events-none fixed top-0 right-4 z-20 w-48 rounded-full bg-ink px-3 py-1 text-center text-sm text-ground tabular-nums shadow-float"
      />
      {failure !== undefined && (
        <div className="sticky bottom-20 z-10 mx-auto max-w-lg md:bottom-6">
          <ErrorNote error={failure.error} onRetry={() => loader?.retry()} />
        </div>
      )}
      {selection !== undefined && (
        <p role="status" className="sr-only">
          {texts.selected(selection.selected.size)}
        </p>
      )}
    </>
  );
}

function know(images: ImageLoader, { photoIds, links }: NonNullable<GridSource['first']>): void {
  if (links === undefined) return;
  for (const [at, photoId] of photoIds.entries()) {
    images.know(photoId, {
      thumbnailUrl: links.thumbnailUrls[at] ?? null,
      thumbnailSmallUrl: links.thumbnailSmallUrls[at] ?? null,
    });
  }
}

/** Rows of grey where photos will be. */
function emptyRows({ rowHeight, gap }: Measure): string {
  const width = Math.round(rowHeight * 1.4);
  const columns = `repeating-linear-gradient(90deg, transparent 0 ${width}px, var(--ground) 0 ${width + gap}px)`;
  return `${columns}, repeating-linear-gradient(var(--sunken) 0 ${rowHeight}px, var(--ground) 0 ${rowHeight + gap}px)`;
}

/** The row of the photo that has the focus stays, wherever the page is scrolled: a focus that vanishes starts again at the top. */
function withActive(rows: readonly Row[], model: GridModel, active: number | undefined): readonly Row[] {
  const row = active === undefined ? undefined : model.rowOf(active);
  if (row === undefined || rows.some(({ index }) => index === row.index)) return rows;
  return row.index < (rows[0]?.index ?? 0) ? [row, ...rows] : [...rows, row];
}

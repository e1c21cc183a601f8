// Runs in the page before anything of the app does: notes what the browser tells of it, and scrolls as the bench asks.

const notes = { lcpMs: 0, lcpElement: '', fcpMs: 0, tilesMs: 0, tasks: [], cls: 0, shifted: [] };

function watch(type, note) {
  new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
}

watch('largest-contentful-paint', ({ startTime, element, url }) => {
  notes.lcpMs = startTime;
  const what = url === '' ? element?.textContent : new URL(url).pathname;
  notes.lcpElement = `${element?.tagName.toLowerCase()} ${what?.slice(0, 40)}`;
});
watch('paint', ({ name, startTime }) => {
  if (name === 'first-contentful-paint') notes.fcpMs = startTime;
});
watch('longtask', ({ startTime, duration }) => notes.tasks.push({ startMs: startTime, durationMs: duration }));
watch('layout-shift', ({ hadRecentInput, value, sources }) => {
  if (hadRecentInput) return;
  notes.cls += value;
  notes.shifted.push(...sources.map(({ node }) => node?.outerHTML?.slice(0, 80) ?? String(node?.nodeName)));
});
document.addEventListener(
  'load',
  ({ target }) => {
    const isTile = target instanceof HTMLImageElement && target.closest('[aria-posinset]') !== null;
    if (isTile && notes.tilesMs === 0) notes.tilesMs = performance.now();
  },
  { capture: true },
);

/** To a share of the whole, as somebody who drags the scrollbar. */
function jump(share) {
  scrollTo({ top: share * (document.documentElement.scrollHeight - innerHeight), behavior: 'instant' });
}

/** Photos stand on the screen, and no empty place is near it. */
function isDrawn() {
  const isOnScreen = (tile) =>
    tile.getBoundingClientRect().top < innerHeight && tile.getBoundingClientRect().bottom > 0;
  const gaps = document.querySelectorAll('ul:has(> [aria-posinset]) > li[aria-hidden]');
  return gaps.length === 0 && [...document.querySelectorAll('[aria-posinset]')].some(isOnScreen);
}

const timeoutMs = 60_000;

/** Resolves as soon as it is so; looked at now and then, which costs the page next to nothing. */
async function until(check, what) {
  const endMs = performance.now() + timeoutMs;
  while (!check()) {
    if (performance.now() > endMs) throw new Error(`waited ${timeoutMs / 1_000} s ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const firstTile = () => until(() => notes.tilesMs > 0, 'for the first tile');
const drawn = () => until(isDrawn, `for photos at ${scrollY} of ${document.documentElement.scrollHeight} pixels`);

/** From where the page is to its end, by this share of a screen for each frame. Answers how many places of the list were drawn. */
function sweep(step) {
  const places = new Set();
  const note = () => {
    for (const tile of document.querySelectorAll('[aria-posinset]')) places.add(tile.ariaPosInSet);
    return places.size;
  };
  return new Promise((resolve) => {
    const frame = () => {
      note();
      const before = scrollY;
      scrollBy({ top: step * innerHeight, behavior: 'instant' });
      if (scrollY > before) requestAnimationFrame(frame);
      // What the last step drew is there after the list has come to rest.
      else setTimeout(() => resolve(note()), 1_000);
    };
    requestAnimationFrame(frame);
  });
}

/** As somebody who looks at the photos: some pixels for each frame, after a pause. */
function stroll(frames, pixels) {
  return new Promise((resolve) => {
    let left = frames;
    const frame = () => {
      scrollBy({ top: pixels, behavior: 'instant' });
      left -= 1;
      if (left > 0) requestAnimationFrame(frame);
      else resolve();
    };
    setTimeout(frame, 500);
  });
}

globalThis.bench = { notes, jump, firstTile, drawn, sweep, stroll };

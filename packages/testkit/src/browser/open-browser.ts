import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { type Chromium, findChromium } from './find-chromium.ts';

/** A phone in the hand, and a laptop. */
export const viewports = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  desktop: { viewport: { width: 1440, height: 900 } },
} as const;

export type ViewportName = keyof typeof viewports;

export interface PageOptions {
  /** Of the installation; whatever else a page asks is a fault. */
  readonly url: string;
  readonly viewport: ViewportName;
  readonly theme?: 'light' | 'dark';
  readonly language?: 'en-GB' | 'id-ID';
  readonly deviceScaleFactor?: number;
}

export interface WatchedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What went wrong that no person sees: errors of scripts and of the console, answers of 500, requests to others. */
  readonly faults: string[];
}

export interface TestBrowser {
  /** A page of somebody who was never here before. */
  openPage(options: PageOptions): Promise<WatchedPage>;
  close(): Promise<void>;
}

export interface BrowserOptions {
  /** A video (Y4M or MJPEG) that the camera shows, which pages may use. Without it no page may use the camera. */
  readonly cameraFile?: string;
  readonly found?: Chromium;
}

const quietFlags = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
  // Nothing leaves the machine, whatever a page or the browser asks for.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
];

/** Chromium with a new profile, without a window. */
export async function openBrowser({ cameraFile, found }: BrowserOptions = {}): Promise<TestBrowser> {
  const { executablePath, env } = found ?? (await findChromium());
  const camera = ['--use-fake-device-for-media-stream'];
  if (cameraFile !== undefined) {
    camera.push('--use-fake-ui-for-media-stream', `--use-file-for-fake-video-capture=${cameraFile}`);
  }
  const browser = await chromium.launch({
    executablePath,
    env: { ...definedOf(process.env), ...env },
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ...quietFlags, ...camera],
  });
  return {
    openPage: async ({ url, viewport, theme = 'light', language = 'en-GB', deviceScaleFactor = 1 }) => {
      const context = await browser.newContext({
        ...viewports[viewport],
        baseURL: url,
        colorScheme: theme,
        locale: language,
        deviceScaleFactor,
        reducedMotion: 'reduce',
        acceptDownloads: true,
      });
      const faults = watch(context, new URL(url).origin);
      return { context, page: await context.newPage(), faults };
    },
    close: () => browser.close(),
  };
}

function watch(context: BrowserContext, origin: string): string[] {
  const faults: string[] = [];
  context.on('console', (message) => {
    // The API refuses with 4xx, and a person reads why on the page; Chromium writes each into the console as well.
    const isAnswer = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isAnswer) faults.push(`console: ${message.text()}`);
  });
  context.on('weberror', (error) => void faults.push(`script: ${error.error().stack ?? error.error().message}`));
  context.on('request', (request) => {
    const asked = new URL(request.url());
    if (/^(https?|wss?):$/.test(asked.protocol) && asked.origin !== origin) faults.push(`foreign: ${asked.href}`);
  });
  context.on('response', (response) => {
    if (response.status() >= 500) faults.push(`${response.status()}: ${response.url()}`);
  });
  return faults;
}

function definedOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

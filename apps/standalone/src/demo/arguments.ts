import { parseArgs } from 'node:util';
import { readingArguments, readLogLevel, readPath, readPort } from '@kilas/cli/command-line.ts';
import { UserError } from '@kilas/cli/user-error.ts';

export const usage = `npm run demo -- [options]

Starts a throwaway Kilas and does the main job on it: a creator uploads photos, a member enrols a selfie, finds
the photos they are in, buys one, the original comes down and the creator is paid. Then it stays up.

  --exit                 end after the job; the last line is "demo: ok"
  --photos FOLDER        your own photos instead of the samples (needs --selfie)
  --selfie FILE [FILE…]  your own selfies, each a member; prints who was found in which photo
  --against URL          an installation that runs already, in place of a throwaway one; what the job makes stays there. It has
                         to take play money
  --mailpit URL          where its mails are caught (default with --against: http://127.0.0.1:8025)
  --port NUMBER          where the REST API listens (default: a free port)
  --log LEVEL            trace, debug, info, warn, error or silent (default error)
  --help                 this text`;

export interface DemoArguments {
  readonly isHelp: boolean;
  readonly isExit: boolean;
  readonly photosFolder: string | undefined;
  readonly selfieFiles: readonly string[];
  readonly port: number;
  readonly logLevel: string;
  /** An installation that runs already, and where its mails are caught. */
  readonly against: { readonly url: string; readonly mailpitUrl: string } | undefined;
}

/** Throws a UserError for what does not fit. */
export function readArguments(argv: readonly string[]): DemoArguments {
  const { values, positionals } = readingArguments('npm run demo', () => parseOptions(argv));
  // `--selfie a.jpg b.jpg`: what follows the first file arrives as positionals.
  if (positionals.length > 0 && values.selfie.length === 0) {
    throw new UserError(`"${positionals[0]}" stands alone: npm run demo -- --help lists what there is.`);
  }
  const selfieFiles = [...values.selfie, ...positionals].map(readPath);
  if (values.photos !== undefined && selfieFiles.length === 0) {
    throw new UserError('--photos needs at least one --selfie: a picture of who is to be found.');
  }
  return {
    isHelp: values.help,
    isExit: values.exit,
    photosFolder: values.photos === undefined ? undefined : readPath(values.photos),
    selfieFiles,
    port: readPort(values.port),
    logLevel: readLogLevel(values.log),
    against:
      values.against === undefined
        ? undefined
        : { url: readUrl('--against', values.against), mailpitUrl: readUrl('--mailpit', values.mailpit) },
  };
}

function readUrl(option: string, text: string): string {
  if (/^https?:\/\/[^/]+\/?$/.test(text) && URL.canParse(text)) return text.replace(/\/$/, '');
  throw new UserError(`"${text}" is not an address: ${option} takes one such as http://localhost:8080.`);
}

function parseOptions(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      exit: { type: 'boolean', default: false },
      photos: { type: 'string' },
      selfie: { type: 'string', multiple: true, default: [] },
      against: { type: 'string' },
      mailpit: { type: 'string', default: 'http://127.0.0.1:8025' },
      port: { type: 'string', default: '0' },
      log: { type: 'string', default: 'error' },
      help: { type: 'boolean', default: false },
    },
  });
}

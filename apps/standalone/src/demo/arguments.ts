import { parseArgs } from 'node:util';

export const usage = `npm run demo -- [options]

Starts a throwaway Kilas and does the main job on it: a creator uploads photos, a member enrols a selfie, finds
the photos they are in, buys one, the original comes down and the creator is paid. Then it stays up.

  --exit                 end after the job; the last line is "demo: ok"
  --photos FOLDER        your own photos instead of the samples (needs --selfie)
  --selfie FILE [FILE…]  your own selfies, each a member; prints who was found in which photo
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
}

/** The arguments, or what is wrong with them. */
export function readArguments(argv: readonly string[]): DemoArguments | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        exit: { type: 'boolean', default: false },
        photos: { type: 'string' },
        selfie: { type: 'string', multiple: true, default: [] },
        port: { type: 'string', default: '0' },
        log: { type: 'string', default: 'error' },
        help: { type: 'boolean', default: false },
      },
    });
    // `--selfie a.jpg b.jpg`: what follows the first file arrives as positionals.
    if (positionals.length > 0 && values.selfie.length === 0) return `What is "${positionals[0]}"?`;
    const selfieFiles = [...values.selfie, ...positionals];
    if (values.photos !== undefined && selfieFiles.length === 0) return '--photos needs at least one --selfie.';
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) return `"${values.port}" is not a port.`;
    const { help: isHelp, exit: isExit, photos: photosFolder, log: logLevel } = values;
    return { isHelp, isExit, photosFolder, selfieFiles, port, logLevel };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

import { styleText } from 'node:util';

const colours = ['cyan', 'yellow', 'green', 'magenta', 'blue', 'red'] as const;
const widthMin = 13;

/**
 * Writes lines of many processes to one stream, each behind the name of its process: `upload-2      | …`. All processes of
 * a service have one colour, where colours are wanted.
 */
export function createOutput(write: (text: string) => void, hasColours: boolean) {
  const colourOf = new Map<string, (typeof colours)[number]>();
  const paint = (source: string, text: string) => {
    if (!hasColours) return text;
    const service = source.replace(/-\d+$/, '');
    const colour = colourOf.get(service) ?? colours[colourOf.size % colours.length] ?? 'cyan';
    colourOf.set(service, colour);
    // Whether there are colours was decided by the caller.
    return styleText(colour, text, { validateStream: false });
  };
  return (source: string, line: string): void => write(`${paint(source, `${source.padEnd(widthMin)} |`)} ${line}\n`);
}

const headerBytes = 128;
/** The media white of the connection space, D50, and the primaries of Adobe RGB (1998) adapted to it, as X, Y, Z. */
const colours = {
  wtpt: [0.9642, 1, 0.8249],
  rXYZ: [0.60974, 0.31111, 0.01947],
  gXYZ: [0.20528, 0.62567, 0.06087],
  bXYZ: [0.14919, 0.06322, 0.74457],
} as const;
const gamma = 563 / 256;

/** An ICC profile (ICC.1:2001-04) of the colour space that Adobe RGB (1998) describes, in its tags alone. */
export function makeAdobeRgbProfile(): Buffer {
  const curve = Buffer.alloc(14);
  curve.write('curv', 0, 'latin1');
  curve.writeUInt32BE(1, 8);
  curve.writeUInt16BE(Math.round(gamma * 256), 12);
  const tags: (readonly [string, Buffer])[] = [
    ['desc', describe('RGB of 1998')],
    ['cprt', Buffer.from('text\0\0\0\0No copyright\0', 'latin1')],
    ...Object.entries(colours).map(([name, xyz]) => [name, packXyz(xyz)] as const),
    ...['rTRC', 'gTRC', 'bTRC'].map((name) => [name, curve] as const),
  ];
  const table = Buffer.alloc(4 + tags.length * 12);
  table.writeUInt32BE(tags.length, 0);
  const bodies: Buffer[] = [];
  let at = headerBytes + table.length;
  for (const [index, [name, body]] of tags.entries()) {
    const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
    table.write(name, 4 + index * 12, 'latin1');
    table.writeUInt32BE(at, 8 + index * 12);
    table.writeUInt32BE(body.length, 12 + index * 12);
    bodies.push(padded);
    at += padded.length;
  }
  return Buffer.concat([makeHeader(at), table, ...bodies]);
}

function makeHeader(sizeBytes: number): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32BE(sizeBytes, 0);
  header.writeUInt32BE(0x02_10_00_00, 8);
  header.write('mntrRGB XYZ ', 12, 'latin1');
  header.write('acsp', 36, 'latin1');
  packXyz(colours.wtpt).copy(header, 68, 8);
  return header;
}

function describe(name: string): Buffer {
  const text = Buffer.from(`${name}\0`, 'latin1');
  const head = Buffer.alloc(12);
  head.write('desc', 0, 'latin1');
  head.writeUInt32BE(text.length, 8);
  // Room for the same in Unicode and in the script of old systems, both empty.
  return Buffer.concat([head, text, Buffer.alloc(78)]);
}

/** Fixed-point numbers with sixteen bits behind the point. */
function packXyz(xyz: readonly number[]): Buffer {
  const body = Buffer.alloc(8 + xyz.length * 4);
  body.write('XYZ ', 0, 'latin1');
  for (const [index, value] of xyz.entries()) body.writeInt32BE(Math.round(value * 65_536), 8 + index * 4);
  return body;
}

const tags = { exifDirectory: 0x87_69, colourSpace: 0xa0_01, interopDirectory: 0xa0_05, interopIndex: 1 } as const;
/** ColorSpace says sRGB. 2 is no number of the standard, but what some cameras write for Adobe RGB. */
const [saysSrgb, saysAdobeRgb] = [1, 2];
const entryBytes = 12;

/** Whether an EXIF block (CIPA DC-008) says Adobe RGB: by the interoperability index R03 (DCF 2.0), as cameras do without a profile. */
export function saysAdobeRgbByExif(block: Buffer): boolean {
  const tiff = block.toString('latin1', 0, 6) === 'Exif\0\0' ? block.subarray(6) : block;
  const order = tiff.toString('latin1', 0, 4);
  if (order !== 'II*\0' && order !== 'MM\0*') return false;
  const isLittle = order === 'II*\0';
  const short = (at: number) => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const long = (at: number) => (isLittle ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  /** Where the value of a tag stands in the directory at a place. */
  const find = (directory: number, tag: number): number | undefined => {
    const end = directory + 2 + short(directory) * entryBytes;
    for (let at = directory + 2; at < end; at += entryBytes) if (short(at) === tag) return at + 8;
    return undefined;
  };
  try {
    const exif = find(long(4), tags.exifDirectory);
    if (exif === undefined) return false;
    const space = find(long(exif), tags.colourSpace);
    if (space !== undefined && short(space) === saysSrgb) return false;
    if (space !== undefined && short(space) === saysAdobeRgb) return true;
    const interop = find(long(exif), tags.interopDirectory);
    const index = interop === undefined ? undefined : find(long(interop), tags.interopIndex);
    return index !== undefined && tiff.toString('latin1', index, index + 3) === 'R03';
  } catch {
    // A block that ends too soon says nothing.
    return false;
  }
}

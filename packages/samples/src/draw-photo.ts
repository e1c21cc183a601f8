import sharp from 'sharp';

interface Palette {
  readonly sky: readonly [string, string, string];
  readonly sun: string;
  readonly hills: readonly [string, string, string];
  readonly ground: string;
  readonly road: string;
}

const palettes: readonly Palette[] = [
  {
    sky: ['#2b3a67', '#e08e79', '#ffd9a0'],
    sun: '#fff1c9',
    hills: ['#7d6a86', '#54506e', '#343a52'],
    ground: '#4a5240',
    road: '#6a6562',
  },
  {
    sky: ['#3f87c4', '#9fcbe6', '#eef5ee'],
    sun: '#fffdf2',
    hills: ['#8fb0b5', '#5f8f7f', '#3d6b52'],
    ground: '#86a35a',
    road: '#8b8984',
  },
  {
    sky: ['#6b4a8a', '#d9718a', '#ffc48a'],
    sun: '#ffe0a8',
    hills: ['#9a5f7d', '#6d4468', '#432c4d'],
    ground: '#57443f',
    road: '#75625f',
  },
  {
    sky: ['#8fa6ad', '#c3cfd0', '#e9ece6'],
    sun: '#f8f8f2',
    hills: ['#a3b1af', '#778c88', '#526a63'],
    ground: '#6f8069',
    road: '#9a9893',
  },
  {
    sky: ['#0f2a43', '#2f6f8a', '#f2b872'],
    sun: '#ffdf9e',
    hills: ['#40657a', '#284a5f', '#163043'],
    ground: '#2f4640',
    road: '#4d5457',
  },
];
const shirts = ['#e4572e', '#f2c14e', '#2e86ab', '#e9e4d8', '#3bb273', '#b5446e', '#f78154'];

/**
 * A photo of a run in the hills at some hour, a JPEG: drawn, so that nobody is in it. The same number gives the same picture, in any shape.
 */
export async function drawPhoto(number: number, width: number, height: number): Promise<Buffer> {
  const random = randomOf(number);
  const palette = palettes[number % palettes.length] ?? palettes[0];
  if (palette === undefined) throw new Error('there are no palettes');
  const horizon = height * (0.46 + random() * 0.14);
  const sun = {
    x: width * (0.15 + random() * 0.7),
    y: horizon * (0.45 + random() * 0.4),
    r: Math.min(width, height) * 0.055,
  };
  const hills = palette.hills.map((colour, layer) => {
    const base = horizon + (layer - 2) * height * 0.055;
    return `<path fill="${colour}" d="${ridge(random, width, height, base, height * (0.16 - layer * 0.035))}"/>`;
  });
  const vanish = width * (0.3 + random() * 0.4);
  const road = `<path fill="${palette.road}" d="M${vanish - width * 0.008} ${horizon} L${vanish + width * 0.008} ${horizon} L${width * 0.95} ${height} L${width * 0.1} ${height} Z"/>`;
  const line = `<path fill="#f5efe2" opacity=".55" d="M${vanish} ${horizon} L${width * 0.54} ${height} L${width * 0.5} ${height} Z"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">${palette.sky.map((colour, at) => `<stop offset="${at * 50}%" stop-color="${colour}"/>`).join('')}</linearGradient>
<linearGradient id="fall" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#000" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity=".35"/></linearGradient>
<radialGradient id="glow"><stop offset="0" stop-color="${palette.sun}" stop-opacity=".9"/><stop offset="1" stop-color="${palette.sun}" stop-opacity="0"/></radialGradient></defs>
<rect width="${width}" height="${horizon * 1.1}" fill="url(#sky)"/>
<circle cx="${sun.x}" cy="${sun.y}" r="${sun.r * 5}" fill="url(#glow)"/><circle cx="${sun.x}" cy="${sun.y}" r="${sun.r}" fill="${palette.sun}"/>
${hills.join('\n')}
<rect y="${horizon}" width="${width}" height="${height - horizon}" fill="${palette.ground}"/>${road}${line}
<rect y="${horizon}" width="${width}" height="${height - horizon}" fill="url(#fall)"/>
${runners(random, width, height, horizon, vanish).join('\n')}
</svg>`;
  const grain = {
    create: {
      width,
      height,
      channels: 3 as const,
      background: '#808080',
      noise: { type: 'gaussian' as const, mean: 128, sigma: 9 },
    },
  };
  const noise = await sharp(grain).png().toBuffer();
  return sharp(Buffer.from(svg))
    .composite([{ input: noise, blend: 'soft-light' }])
    .jpeg({ quality: 88 })
    .toBuffer();
}

function ridge(random: () => number, width: number, height: number, base: number, rise: number): string {
  const points = 9;
  let path = `M0 ${height} L0 ${base - random() * rise}`;
  let before = { x: 0, y: base };
  for (let point = 1; point <= points; point++) {
    const next = { x: (width * point) / points, y: base - random() * rise };
    path += ` Q${(before.x + next.x) / 2} ${Math.min(before.y, next.y) - rise * 0.25} ${next.x} ${next.y}`;
    before = next;
  }
  return `${path} L${width} ${height} Z`;
}

function runners(random: () => number, width: number, height: number, horizon: number, vanish: number): string[] {
  const count = 2 + Math.floor(random() * 5);
  const depths = Array.from({ length: count }, () => 0.12 + random() * 0.75).sort((a, b) => a - b);
  return depths.map((depth) => {
    const feet = horizon + (height - horizon) * depth;
    const size = Math.min(width, height) * (0.06 + depth * 0.5);
    const across = vanish + (width * (0.2 + random() * 0.6) - vanish) * depth;
    return runner(random, across, feet, size);
  });
}

/** Somebody in full stride, seen from afar and without a face: head, shirt, arms, legs. */
function runner(random: () => number, x: number, feet: number, size: number): string {
  const shirt = shirts[Math.floor(random() * shirts.length)] ?? '#e4572e';
  const [skin, shorts] = [random() < 0.5 ? '#7a4d36' : '#5a3a2b', random() < 0.5 ? '#20242c' : '#2d3550'];
  const turned = random() < 0.5 ? -1 : 1;
  const limb = (d: string, colour: string, thick: number) =>
    `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${thick}" stroke-linecap="round" stroke-linejoin="round"/>`;
  return `<g transform="translate(${x} ${feet}) scale(${(turned * size) / 100} ${size / 100})">
<ellipse cx="4" cy="0" rx="26" ry="3" fill="#000" opacity=".28"/>
${limb('M-3 -50 L-16 -28 L-33 -24', skin, 7)}${limb('M-3 -50 L-12 -36', shorts, 11)}
${limb('M1 -76 L14 -66 L22 -76', skin, 5)}
${limb('M3 -50 L17 -34 L13 -8 L20 -4', skin, 7)}${limb('M3 -50 L15 -37', shorts, 12)}
${limb('M0 -52 L3 -76', shirt, 17)}${limb('M0 -76 L-14 -66 L-8 -54', skin, 5)}
<circle cx="7" cy="-93" r="8" fill="${skin}"/><path d="M-1 -95 a8 8 0 0 1 15 -3 l-14 2z" fill="#1d1713"/></g>`;
}

/** Numbers from 0 to 1 that are the same each time (mulberry32). */
function randomOf(seed: number): () => number {
  let state = (seed + 1) * 0x9e3779b1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

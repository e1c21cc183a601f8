import type { PackCard } from '../packs/pack-card.ts';

/** What cards say of one crowd, side by side as rows of a table in Markdown: strangers by group, then the limits of the gate. */
export function listCardRows(cards: readonly PackCard[]): string[] {
  const row = (name: string, cell: (card: PackCard) => string) => `| ${[name, ...cards.map(cell)].join(' | ')} |`;
  const [first] = cards;
  if (first === undefined) return [];
  return [
    row('strangers', ({ packId }) => `\`${packId}\``),
    row('---', () => '---'),
    ...first.groups.map(({ name }) => row(name, (card) => describeGroup(card, name))),
    ...first.limits.map(({ name }) => row(`\`${name}\``, (card) => describeLimit(card, name))),
  ];
}

function describeGroup({ groups }: PackCard, name: string): string {
  const group = groups.find((candidate) => candidate.name === name);
  if (group === undefined) return 'not measured';
  const { pairs, wrong, rate, interval, bound } = group;
  const range = interval && `, ${exponential(interval[0])} to ${exponential(interval[1])}`;
  const reach = bound === undefined ? range : `, below ${exponential(bound)}`;
  return `${count(wrong)} of ${count(pairs)}: ${exponential(rate)}${reach ?? ''}`;
}

function describeLimit({ limits }: PackCard, name: string): string {
  const held = limits.find((candidate) => candidate.name === name);
  if (held === undefined) return 'not looked at';
  const figure = held.figure === null ? 'unknown' : decimal(held.figure);
  return `${figure}, ${name.endsWith('Max') ? 'at most' : 'at least'} ${decimal(held.limit)}: ${held.isMet ? 'held' : '**missed**'}`;
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function exponential(value: number): string {
  return value === 0 ? '0' : value.toExponential(1);
}

function decimal(value: number): string {
  return value < 1e-3 ? exponential(value) : String(Number(value.toPrecision(3)));
}

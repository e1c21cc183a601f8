import path from 'node:path';
import { z } from 'zod';
import { falseMatchRate } from '../distances/level.ts';
import { hashSettings } from './hash-settings.ts';
import { modelsOf, type PackManifest } from './manifest.ts';
import { PackError } from './pack-error.ts';
import { readJsonFile } from './read-json-file.ts';

/** Beside the manifest. */
export const CARD_FILE = 'card.json';

/**
 * What a pack must hold on a crowd, by the folder's own cohort, to be the current one: at most so many pairs of strangers let through
 * at the default cut, at least so many true pairs found. Names are figures of `npm run faces -- strangers`.
 */
export const gateLimits = {
  measuredMax: 5e-5,
  withinAt95Max: 1e-2,
  foundOneMin: 0.85,
  foundThreeMin: 0.93,
  t4Min: 0.945,
} as const;

/** With fewer pairs of strangers than this over the limit, not even a rate of none says that it holds. */
const ruleOfThree = 3;
/** True pairs that must stand behind a share of them. */
const trueMin = 30;

/** A rate that is computed twice may differ in its last digits. */
const rounding = 1e-6;

const share = z.number().min(0).max(1);
const count = z.number().int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const groupRate = z.strictObject({
  name: z.string().min(1),
  pairs: count,
  /** Pairs of two people that the default cut lets through. */
  wrong: count,
  rate: share,
  /** 95 % interval over people; absent where too few people could be drawn. */
  interval: z.tuple([share, share]).optional(),
  /** The upper 95 % bound where fewer than 30 wrong pairs stand behind the rate, which then is extrapolated. */
  bound: share.optional(),
});

const limit = z.strictObject({
  name: z.string().min(1),
  limit: share,
  /** Null when the crowd could not say. */
  figure: share.nullable(),
  /** Pairs behind the figure, and whether they are enough to tell. */
  pairs: count,
  isEnough: z.boolean(),
  isMet: z.boolean(),
});

const cardSchema = z.strictObject({
  packId: z.string().min(1),
  /** The model files that were measured, by name. */
  files: z.record(z.string(), sha256),
  /** What the manifest said of feeding, alignment and calibration, see hashSettings. */
  settingsSha256: sha256,
  measuredAt: z.iso.datetime(),
  people: count,
  portraits: count,
  groupFaces: count,
  strangerPairs: count,
  truePairs: count,
  /** The default cut of an event of 10,000 faces, and the rate stated for it. */
  cut: z.number().positive(),
  stated: share,
  /** At the default cut. */
  groups: z.array(groupRate).min(1),
  /** Shares, by name as in the last line of `npm run faces -- strangers`; null where the crowd could not say. */
  found: z.record(z.string(), share.nullable()),
  limits: z.array(limit),
});

/** What was measured of a pack on a crowd: how often strangers match, by group, and which limits it held. */
export type PackCard = z.output<typeof cardSchema>;
export type CardLimit = PackCard['limits'][number];

/** Throws for what is no card. */
export function parseCard(content: unknown): PackCard {
  return cardSchema.parse(content);
}

/** The card that lies beside a pack's manifest; undefined where there is none. Throws a PackError for one that is damaged. */
export async function readCard(folder: string): Promise<PackCard | undefined> {
  const file = path.join(folder, CARD_FILE);
  return readJsonFile(file, parseCard, (why) => new PackError(path.basename(folder), [`${file} is no card: ${why}`]));
}

/**
 * Why a card does not vouch for a pack: there is none, other files or settings were measured, or a limit was missed, or one of the
 * gate was not looked at or only a looser one. Empty when it does. It is believed where it agrees with itself: a verdict is taken
 * from its figures, and a figure from its table. Whoever forges all of it is not found out.
 */
export function cardProblems(card: PackCard | undefined, manifest: PackManifest): string[] {
  if (card === undefined) return [`${CARD_FILE}: is not there, so nobody has measured how often strangers match`];
  const gate = Object.entries(gateLimits).flatMap(([name, limit]) => {
    const held = card.limits.find((candidate) => candidate.name === name && isAsStrict(candidate, limit));
    return held === undefined ? [`was not held against ${name} of ${limit}`] : disagreements(card, held);
  });
  const missed = card.limits.filter((limit) => !isHeld(limit)).map(describeMissed);
  return [...strangeParts(card, manifest), ...gate, ...missed].map((problem) => `${CARD_FILE}: ${problem}`);
}

/** Whether so many pairs can tell if a limit holds: those of strangers, or true pairs. */
export function areEnough({ name, limit: allowed, pairs }: Pick<CardLimit, 'name' | 'limit' | 'pairs'>): boolean {
  return isMost(name) ? pairs * allowed >= ruleOfThree : pairs >= trueMin;
}

function strangeParts(card: PackCard, manifest: PackManifest): string[] {
  const problems: string[] = [];
  if (card.packId !== manifest.id) problems.push(`is of the pack ${card.packId}`);
  for (const { file, sha256: expected } of modelsOf(manifest)) {
    const measured = card.files[file];
    if (measured === undefined) problems.push(`${file} was not measured`);
    else if (measured !== expected)
      problems.push(`${file} was measured with SHA-256 ${measured}, the pack has ${expected}`);
  }
  if (card.settingsSha256 !== hashSettings(manifest))
    problems.push('was measured with another input, alignment, typicalFace or calibration than the manifest says');
  const stated = falseMatchRate(manifest.calibration, card.cut);
  if (Math.abs(stated - card.stated) > stated * rounding)
    problems.push(`says that ${card.stated} is stated at the distance ${card.cut}, the manifest states ${stated}`);
  return problems;
}

function isAsStrict({ name, limit: held }: CardLimit, wanted: number): boolean {
  return isMost(name) ? held <= wanted : held >= wanted;
}

function isHeld(held: CardLimit): boolean {
  const { figure, isEnough, isMet } = held;
  return isMet && isEnough && figure !== null && !isBeyond(held) && areEnough(held);
}

/** What a limit says was measured, where the card's own table says otherwise. */
function disagreements({ groups, found }: PackCard, { name, figure }: CardLimit): string[] {
  const everyone = groups.find((group) => group.name === 'everyone');
  const rate = everyone === undefined ? null : everyone.wrong / Math.max(everyone.pairs, 1);
  const inTable = name === 'measuredMax' ? rate : (found[name.replace(/M(ax|in)$/, '')] ?? null);
  return isSame(inTable, figure) ? [] : [`${name} says ${figure}, its table ${inTable}`];
}

function isSame(a: number | null, b: number | null): boolean {
  return a === null || b === null ? a === b : Math.abs(a - b) <= 1e-9;
}

function describeMissed(held: CardLimit): string {
  const { name, limit: allowed, figure } = held;
  return `${name} is ${allowed}, ${isBeyond(held) ? `measured ${figure}` : 'too few pairs to tell'}`;
}

function isBeyond({ name, limit: allowed, figure }: CardLimit): boolean {
  return figure !== null && (isMost(name) ? figure > allowed : figure < allowed);
}

function isMost(name: string): boolean {
  return name.endsWith('Max');
}

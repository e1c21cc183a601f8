import os from 'node:os';
import path from 'node:path';
import { readArguments, usage } from './arguments.ts';
import { measureMemory } from './measure-memory.ts';
import { measureRecall } from './measure-recall.ts';
import { measureSpeed } from './measure-speed.ts';
import { measureTurned } from './measure-turned.ts';

const RECALL_MIN: Readonly<Record<number, number>> = { 32: 0.8, 48: 0.9, 64: 0.95, 96: 0.95 };

const options = readArguments(process.argv.slice(2));
if (options.isHelp) process.stdout.write(usage);
else await main();

async function main(): Promise<void> {
  const { parts, threads } = options;
  // Graphs are checked against their checksums: what lies there is right or is built again.
  const graphsDir = path.join(os.tmpdir(), 'kilas-bench-graphs');
  const speed = parts.includes('speed') ? await measureSpeed(graphsDir, threads, say) : undefined;
  const recall = parts.includes('recall') ? await measureRecall(graphsDir, threads, options, say) : undefined;
  const turned = parts.includes('turned') ? await measureTurned(graphsDir, threads, say) : undefined;
  const memory = parts.includes('memory') ? await measureMemory(graphsDir, threads, options.photos, say) : undefined;
  const missed = [
    speed && speed.ratio < 8 && 'ratio',
    speed && speed.overhead > 1.3 && 'overhead',
    speed && speed.meanPasses > 2 && 'meanPasses',
    recall && recall.falsePerFrame > 0.1 && 'falsePerFrame',
    ...Object.entries(recall?.recallByFacePx ?? {}).map(
      ([px, share]) => share < (RECALL_MIN[Number(px)] ?? 0) && `recallByFacePx ${px}`,
    ),
    turned && turned.turnedRecall < 0.95 && 'turnedRecall',
    memory && memory.rssGrowth > 1.1 && 'rssMb',
  ].filter((name) => typeof name === 'string');
  if (missed.length > 0) say(`missed: ${missed.join(', ')}`);
  process.stdout.write(
    `${JSON.stringify({ threads, ...speed, ...recall, ...turned, ...memory, cores: os.availableParallelism() })}\n`,
  );
  process.exitCode = missed.length > 0 ? 1 : 0;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

import { glob, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Puts a compressed copy beside each text file of a folder, so that no request waits for compression. */
export async function compressFiles(folder: string): Promise<void> {
  for await (const name of glob('**/*.{js,css,html,svg,json,webmanifest,wasm}', { cwd: folder })) {
    const file = path.join(folder, name);
    const bytes = await readFile(file);
    const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
    await writeFile(`${file}.br`, await promisify(brotliCompress)(bytes, { params: quality }));
    await writeFile(`${file}.gz`, await promisify(gzip)(bytes, { level: 9 }));
  }
}

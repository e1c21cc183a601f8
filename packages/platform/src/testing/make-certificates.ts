import { execFile } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { isErrno } from '../problems/is-errno.ts';

const run = promisify(execFile);

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** An authority of a test, in a new folder; undefined where the machine has no `openssl`. */
export async function makeAuthority(): Promise<
  { readonly ca: string; readonly folder: string; issue(name: string): Promise<Certificate> } | undefined
> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-authority-'));
  const at = (file: string) => path.join(folder, file);
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  try {
    const self = ['-x509', '-days', '1', '-subj', '/CN=test authority', '-keyout', at('ca.key'), '-out', at('ca.pem')];
    await run('openssl', ['req', ...newKey, ...self]);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
  return {
    ca: await readFile(at('ca.pem'), 'utf8'),
    folder,
    issue: async (name) => {
      const [key, csr, pem, ext] = [at(`${name}.key`), at(`${name}.csr`), at(`${name}.pem`), at(`${name}.ext`)];
      await run('openssl', ['req', ...newKey, '-subj', `/CN=${name}`, '-keyout', key, '-out', csr]);
      await writeFile(ext, `subjectAltName=DNS:${name}\n`);
      const authority = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-days', '1', '-extfile', ext];
      await run('openssl', ['x509', '-req', '-in', csr, ...authority, '-out', pem]);
      return { cert: await readFile(pem, 'utf8'), key: await readFile(key, 'utf8') };
    },
  };
}

/** A file system without room, or an account that may take no more of it. */
const fullCodes = new Set(['ENOSPC', 'EDQUOT']);
/** These say that the other side of a connection left: nothing is wrong here. */
const peerCodes = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT']);
/** What libvips and its loaders say when memory, time, files or room ran out, and not when a file is damaged. */
const nativeReasons =
  /out of memory|unable to allocate|cannot allocate|timeout: |no space left|too many open files|temporary file|unix error|input file is missing/i;

const causesMax = 5;

/** Whether a disk of this machine is full. The edges answer 507. */
export function isDiskFull(error: unknown): boolean {
  return chainOf(error).some((one) => fullCodes.has(codeOf(one)) || /no space left/i.test(one.message));
}

/**
 * Whether this machine is the cause of an error (disk, memory, files, time) and not the input. Ask it in every `catch` that would otherwise blame
 * the client or a file: a fault of the machine may be gone in a minute, and an operator has to hear of it.
 */
export function isMachineFault(error: unknown): boolean {
  return chainOf(error).some((one) => {
    const isOfSystem = 'errno' in one && typeof one.errno === 'number' && !peerCodes.has(codeOf(one));
    return isOfSystem || nativeReasons.test(one.message);
  });
}

/** For `catch`: throws a fault of this machine on; anything else is what the caller takes it for. */
export function throwMachineFault(error: unknown): void {
  if (isMachineFault(error)) throw error;
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** The error and what caused it. */
function chainOf(error: unknown): Error[] {
  const chain: Error[] = [];
  for (let one = error; one instanceof Error && chain.length < causesMax; one = one.cause) chain.push(one);
  return chain;
}

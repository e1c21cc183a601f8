import { refuse } from '@kilas/messages/refuse.ts';
import { throwMachineFault } from '@kilas/platform/machine-fault.ts';

/** For `catch`: a picture that the decoder does not take is refused with IMAGE_BROKEN; that memory or a file is missing is thrown on. */
export function refuseBroken(error: unknown): never {
  throwMachineFault(error);
  return refuse('IMAGE_BROKEN');
}

import { Readable } from 'node:stream';

/**
 * A stream as one of its own, which takes nothing from it until somebody reads: destroyed before that, it leaves it whole for
 * another one; destroyed later, it leaves the rest of it.
 */
export function untouchedBody(source: Readable): Readable {
  let isReading = false;
  const onData = (chunk: Buffer) => {
    if (!body.push(chunk)) source.pause();
  };
  const onEnd = () => void body.push(null);
  const onError = (error: Error) => void body.destroy(error);
  // Also without an error: a client that leaves in the middle of a body.
  const onClose = () => void body.destroy(source.readableEnded ? undefined : new Error('the body broke off'));
  const body = new Readable({
    read: () => {
      if (!isReading) source.on('data', onData).once('end', onEnd).once('error', onError).once('close', onClose);
      isReading = true;
      source.resume();
    },
    destroy: (error, done) => {
      source.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose);
      if (isReading) source.pause();
      done(error);
    },
  });
  return body;
}

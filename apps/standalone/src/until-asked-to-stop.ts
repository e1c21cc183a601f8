/** Resolves at the first SIGINT, SIGTERM or SIGHUP (the terminal was closed); a second one ends the process at once. */
export function untilAskedToStop(): Promise<undefined> {
  return new Promise((resolve) => {
    let isAsked = false;
    const ask = () => {
      if (isAsked) process.exit(1);
      isAsked = true;
      resolve(undefined);
    };
    process.on('SIGINT', ask);
    process.on('SIGTERM', ask);
    process.on('SIGHUP', () => {
      // Nobody reads any more what is written there, and that must not end the process before it has stopped.
      process.stdout.on('error', () => {});
      process.stderr.on('error', () => {});
      // It may come twice, from the terminal and from npm, and is never a sign of impatience.
      if (!isAsked) ask();
    });
  });
}

/** Stands for a trial of an outage on a server that others run. */
export function notOurs(server: string): () => never {
  return () => {
    throw new Error(`${server} was not started by this run, which so cannot take it away`);
  };
}

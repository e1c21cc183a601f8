/** A data folder cannot be used as it is; the message says why, and what to do where that is not plain. */
export class DataFolderError extends Error {}

import type { Book } from './book.ts';
import type { Client } from './client.ts';
import type { Person } from './person.ts';
import type { PictureMaker } from './pictures.ts';

export interface Creator {
  readonly person: Person;
  /** Public: whoever wants may see and buy what is in it. */
  readonly eventId: string;
}

/** What the load knows and chooses from. */
export interface World {
  readonly client: Client;
  readonly random: () => number;
  readonly now: () => number;
  readonly book: Book;
  readonly pictures: PictureMaker;
  readonly creators: Creator[];
  readonly buyers: Person[];
  /** Have enrolled a selfie. */
  readonly members: Person[];
  /** Members whose consent is withdrawn at some time of the run. */
  readonly leavers: Person[];
  /** Give and withdraw their consent in turns, without a selfie. */
  readonly waverers: Person[];
  /** Photos that a list of their creator said are on sale. */
  readonly onSale: Map<string, { readonly priceIdr: number }>;
  /** Pairs of buyer and photo that were ordered, whatever came of it. */
  readonly ordered: Set<string>;
  /** Links to previews, the newest last; they live minutes. */
  readonly previews: { readonly url: string; readonly since: number }[];
}

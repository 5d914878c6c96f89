/**
 * English sentence → the same in another language. The English one is the source’s own, so that nothing is said twice.
 * `{name}` stands in both for what is put in while the program runs: names, numbers, codes.
 */
export type Catalogue = Readonly<Record<string, string>>;

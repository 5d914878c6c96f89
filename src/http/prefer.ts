/** What a client would rather have (RFC 7240), as far as we take it. */
export interface Preferences {
  /** `wait=30`: to be answered when it is done, but after this time at the latest. */
  waitMs: number | undefined;
  /** `handling=strict`: to be refused rather than to wait in a queue. */
  isStrict: boolean;
}

/** Reads the `Prefer` header; what is not known in it is passed over, as RFC 7240 §2 says. */
export function readPreferences(header: string | string[] | undefined): Preferences {
  const preferences = new Map(
    String(header ?? '')
      .split(/[,;]/)
      .map((part) =>
        part
          .trim()
          .toLowerCase()
          .split(/\s*=\s*/),
      )
      .map(([name = '', value = '']) => [name, value.replaceAll('"', '')]),
  );
  const wait = preferences.get('wait') ?? '';
  return {
    waitMs: /^\d{1,4}$/.test(wait) ? Number(wait) * 1000 : undefined,
    isStrict: preferences.get('handling') === 'strict',
  };
}

const NAME = 'convey.key';

/**
 * The API key, for as long as this tab is open: session storage is read by no other tab and sent nowhere.
 * Where the browser forbids storage, a reload asks for the key again.
 */
export function saveKey(key: string): void {
  try {
    sessionStorage.setItem(NAME, key);
  } catch {
    // Forbidden by the person's settings: the page holds the key itself until it is closed.
  }
}

export function readKey(): string | undefined {
  try {
    return sessionStorage.getItem(NAME) ?? undefined;
  } catch {
    return undefined;
  }
}

export function forgetKey(): void {
  try {
    sessionStorage.removeItem(NAME);
  } catch {
    // Nothing could be kept.
  }
}

/** What was pasted, without what often comes along; undefined when it cannot be an API key. */
export function cleanKey(pasted: string): string | undefined {
  const key = pasted
    .trim()
    .replace(/^(authorization:\s*)?bearer\s+/i, '')
    .replaceAll(/^["']|["']$/g, '');
  return /^ak_[A-Za-z0-9_]{8,200}$/.test(key) ? key : undefined;
}

import { useLayoutEffect } from 'react';

/** Where each list was left, by its filter, and which list that was. */
const places = new Map<string, number>();

/** Brings whoever comes back to a list to where they left it. */
export function useKeptScroll(name: string, isReady: boolean): void {
  useLayoutEffect(() => {
    if (isReady) window.scrollTo(0, places.get(name) ?? 0);
  }, [name, isReady]);
  // Before the browser lays out what comes instead, which may be shorter.
  useLayoutEffect(() => {
    const note = () => places.set(name, window.scrollY);
    window.addEventListener('scroll', note, { passive: true });
    return () => window.removeEventListener('scroll', note);
  }, [name]);
}

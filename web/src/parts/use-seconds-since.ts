import { useEffect, useState } from 'react';

const SECOND_MS = 1_000;

/**
 * Seconds since a time of the server, second by second, by this machine's clock, which may be a little behind: never
 * fewer than none.
 * @param at RFC 3339; null: it has not been yet
 */
export function useSecondsSince(at: string): number;
export function useSecondsSince(at: string | null): number | undefined;
export function useSecondsSince(at: string | null): number | undefined {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), SECOND_MS);
    return () => clearInterval(timer);
  }, []);
  return at === null ? undefined : Math.max(0, (now - Date.parse(at)) / SECOND_MS);
}

import { useEffect, useState } from 'react';
import { useLanguage } from '../texts/texts-provider.tsx';

const STEPS = [
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** How long ago something was, in words that keep up while they are looked at: “3 seconds ago”. */
export function Ago({ at }: { at: string }) {
  const { locale } = useLanguage();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  // The clocks of server and browser may differ: nothing here is to come.
  const seconds = Math.max(0, Math.round((now - Date.parse(at)) / 1000));
  const [unit, size] = STEPS.find(([, each]) => seconds >= each) ?? STEPS[2];
  return (
    <time dateTime={at}>
      {new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-Math.floor(seconds / size), unit)}
    </time>
  );
}

import { useLanguage } from '../texts/texts-provider.tsx';
import { useSecondsSince } from './use-seconds-since.ts';

const STEPS = [
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** How long ago something was, in words that keep up while they are looked at: “3 seconds ago”. */
export function Ago({ at }: { at: string }) {
  const { locale } = useLanguage();
  const seconds = Math.round(useSecondsSince(at));
  const [unit, size] = STEPS.find(([, each]) => seconds >= each) ?? STEPS[2];
  return (
    <time dateTime={at}>
      {new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-Math.floor(seconds / size), unit)}
    </time>
  );
}

import { Center, Loader } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTexts } from '../texts/texts-provider.tsx';
import { FailureNote } from './failure-note.tsx';

/** What was read, or that it is being read, or why it could not be. */
export function Loaded<Data>({
  query,
  children,
}: {
  query: { data: Data | undefined; error: unknown; refetch: () => unknown };
  children: (data: Data) => ReactNode;
}) {
  const texts = useTexts();
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null && query.error !== undefined)
    return <FailureNote error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <Center mih={160}>
      <Loader role="status" aria-label={texts.state.loading} />
    </Center>
  );
}

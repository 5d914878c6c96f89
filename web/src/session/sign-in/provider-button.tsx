import { Button, Divider } from '@mantine/core';
import { $api } from '../../api/client.ts';
import { useTexts } from '../../texts/texts-provider.tsx';

/** Leads to the other provider that people can sign in with; nothing where there is none. */
export function ProviderButton({ next, onLeave }: { next: string; onLeave?: () => void }) {
  const texts = useTexts().session.signIn;
  const { data } = $api.useQuery('get', '/v1/sign-in-methods', {}, { staleTime: Number.POSITIVE_INFINITY });
  if (!data?.oidc) return null;
  const { name, start } = data.oidc;
  return (
    <>
      <Divider label={texts.or} />
      <Button
        component="a"
        href={`${start}?return_to=${encodeURIComponent(next)}`}
        variant="default"
        onClick={onLeave}
      >
        {texts.provider(name)}
      </Button>
    </>
  );
}

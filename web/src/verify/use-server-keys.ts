import { useQuery } from '@tanstack/react-query';

/** Which keys sign here, as anybody can fetch them; kept for as long as the page is open. */
export const useServerKeys = () =>
  useQuery({
    queryKey: ['signing keys'],
    queryFn: async () => {
      const reply = await fetch('/.well-known/convey-keys.json');
      if (!reply.ok) throw new Error(`the keys were answered with ${reply.status}`);
      const text = await reply.text();
      const { keys } = JSON.parse(text) as { keys: { fingerprint: string; status: string }[] };
      return { text, current: keys.find(({ status }) => status === 'current')?.fingerprint };
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });

import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { TextsProvider } from '../texts/texts-provider.tsx';
import { queryClient } from '../api/query-client.ts';
import { router } from './router.ts';
import { theme } from './theme.ts';

/** The whole app: looks, words, data, pages. */
export function App() {
  return (
    // The theme's variables are a style sheet of the build: the policy of the page takes no style elements.
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false}>
      <TextsProvider>
        <QueryClientProvider client={queryClient}>
          <Notifications position="bottom-right" />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </TextsProvider>
    </MantineProvider>
  );
}

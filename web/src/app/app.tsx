import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { TextsProvider } from '../texts/texts-provider.tsx';
import { askAnew, queryClient } from '../api/query-client.ts';
import { askAgainWhenRefused } from '../session/ask-again-when-refused.ts';
import { leaveWhenSignedOut } from '../session/leave-when-signed-out.ts';
import { NamedParts } from './named-parts.tsx';
import { router } from './router.ts';
import { theme } from './theme.ts';

leaveWhenSignedOut(queryClient, router);
askAgainWhenRefused(queryClient);

/** The whole app: looks, words, data, pages. */
export function App() {
  return (
    // The theme is a style sheet of the build (vite.config.ts): the policy of the page takes no style elements.
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <TextsProvider onChange={askAnew}>
        <QueryClientProvider client={queryClient}>
          <NamedParts>
            {/* Menus open at the right. */}
            <Notifications position="bottom-left" />
            <RouterProvider router={router} />
          </NamedParts>
        </QueryClientProvider>
      </TextsProvider>
    </MantineProvider>
  );
}

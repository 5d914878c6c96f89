/**
 * What goes with every file that is downloaded, whoever made its contents: nobody keeps a copy on the way or in a
 * browser, no browser guesses its type, runs it or shows it inside another page.
 */
export const DOWNLOAD_HEADERS = {
  'cache-control': 'private, no-store',
  'content-security-policy': "sandbox; default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
} as const;

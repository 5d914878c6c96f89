/** The page that a link to an export opens. The link's token stands behind `#`, so this server never sees it there. */
export const LINK_PAGE = '/link';
export const LINK_SCRIPT = '/link/open.js';
export const LINK_STYLE = '/link/page.css';

/**
 * What is behind the link, and one button; or why there is nothing any more, and what one can do. Opening the page
 * fetches nothing of the export: mail scanners open it too, and most of them run no script.
 */
export const linkPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>An export for you</title>
<link rel="stylesheet" href="${LINK_STYLE}">
<script type="module" src="${LINK_SCRIPT}"></script>
<main aria-live="polite">
  <h1 id="title">An export for you</h1>
  <p id="state">Looking it up …</p>
  <p id="why" hidden></p>
  <dl id="facts" hidden>
    <dt>File</dt><dd id="name"></dd>
    <dt>Size</dt><dd id="size"></dd>
    <dt>Made</dt><dd id="made"></dd>
    <dt>Link works until</dt><dd id="until"></dd>
    <dt>SHA-256 of its manifest.json</dt><dd><code id="digest"></code></dd>
  </dl>
  <p id="offer" hidden><a id="fetch" role="button">Download</a></p>
  <p id="again" hidden>Do you have an account here? <a id="export">Open the export</a>: there it can be run again, by whoever may.</p>
  <noscript>This page needs JavaScript to read the link.</noscript>
</main>
</html>
`;

/**
 * Asks what the link opens, and once more when “Download” is pressed: it may have ended meanwhile. The token goes in the
 * body; the address of the download holds a ticket for one hour.
 */
export const linkScript = `const find = (id) => document.getElementById(id);
const show = (id, text) => { find(id).textContent = text; find(id).hidden = text === ''; };
const UNREACHED = 'The server cannot be reached. Try again in a moment.';

function sizeOf(bytes) {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return unit === 0 ? bytes + ' bytes' : value.toFixed(1) + ' ' + units[unit] + ' (' + bytes + ' bytes)';
}

async function look() {
  const reply = await fetch('/v1/links/open', {
    method: 'POST',
    // As this page is, whatever the browser would rather have.
    headers: { 'content-type': 'application/json', 'accept-language': 'en' },
    body: JSON.stringify({ token: location.hash.slice(1) }),
  });
  const told = await reply.json();
  if (reply.ok) return told;
  const isEnded = reply.status === 410;
  if (isEnded) document.title = find('title').textContent = 'This link has ended';
  show('state', told.title ?? UNREACHED);
  show('why', told.detail ?? '');
  // Of a link that has ended the server says how its export is run again: that is done where the export is.
  const path = told.action?.href.match(/^\\/v1(\\/exports\\/[^/]+)\\//)?.[1];
  if (path !== undefined) find('export').href = path;
  find('again').hidden = path === undefined;
  find('offer').hidden = find('facts').hidden = true;
}

async function open() {
  if (location.hash.length < 2) return show('state', 'This address lacks its end. Copy the whole link.');
  const told = await look();
  if (told === undefined) return;
  show('state', 'Everything is ready.');
  show('name', told.file_name);
  show('size', sizeOf(told.bytes));
  show('made', new Date(told.made_at).toLocaleString());
  show('until', new Date(told.expires_at).toLocaleString());
  show('digest', told.manifest_sha256);
  find('fetch').href = told.url;
  find('facts').hidden = find('offer').hidden = false;
}

find('fetch').addEventListener('click', (event) => {
  event.preventDefault();
  look().then((told) => { if (told !== undefined) location.href = told.url; }, () => show('state', UNREACHED));
});
open().catch(() => show('state', UNREACHED));
`;

export const linkStyle = `:root { color-scheme: light dark; --page: #f5f6f8; --card: #fff; --text: #1d2430; --faint: #566072; --link: #1f4fd8; }
@media (prefers-color-scheme: dark) { :root { --page: #14171c; --card: #1e232b; --text: #e8ebf0; --faint: #a8b1c0; --link: #9db8ff; } }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); }
main { max-width: 34rem; margin: 12vh auto; padding: 2rem; background: var(--card); border-radius: 12px; }
h1 { margin: 0 0 1rem; font-size: 1.4rem; }
dt { margin-top: .75rem; font-size: .85rem; color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; }
a { color: var(--link); }
a[role=button] { display: inline-block; margin-top: 1rem; padding: .6rem 1.4rem; border-radius: 8px; background: #1f4fd8; color: #fff; text-decoration: none; font-weight: 600; }
a:focus-visible { outline: 3px solid #98b3ff; outline-offset: 2px; }
[hidden] { display: none; }
`;

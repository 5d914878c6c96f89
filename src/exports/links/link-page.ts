/** The page that a link to an export opens. The link's token stands behind `#`, so this server never sees it there. */
export const LINK_PAGE = '/link';
export const LINK_SCRIPT = '/link/open.js';
export const LINK_STYLE = '/link/page.css';

/**
 * What is behind the link, and one button. Opening the page fetches nothing of the export: mail scanners open it too,
 * and most of them run no script.
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
  <h1>An export for you</h1>
  <p id="state">Looking it up …</p>
  <dl id="facts" hidden>
    <dt>File</dt><dd id="name"></dd>
    <dt>Size</dt><dd id="size"></dd>
    <dt>Made</dt><dd id="made"></dd>
    <dt>Link works until</dt><dd id="until"></dd>
    <dt>SHA-256 of its manifest.json</dt><dd><code id="digest"></code></dd>
  </dl>
  <p><a id="fetch" role="button" hidden>Download</a></p>
  <noscript>This page needs JavaScript to read the link.</noscript>
</main>
</html>
`;

/** Asks what the link opens. The token goes in the body; the address of the download holds a ticket for one hour. */
export const linkScript = `const find = (id) => document.getElementById(id);
const show = (id, text) => { find(id).textContent = text; };

function sizeOf(bytes) {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return unit === 0 ? bytes + ' bytes' : value.toFixed(1) + ' ' + units[unit] + ' (' + bytes + ' bytes)';
}

async function open() {
  const token = location.hash.slice(1);
  if (token === '') return show('state', 'This address lacks its end. Copy the whole link.');
  const reply = await fetch('/v1/links/open', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  const told = await reply.json();
  if (!reply.ok) return show('state', [told.title, told.detail].filter(Boolean).join(' '));
  show('state', 'Everything is ready.');
  show('name', told.file_name);
  show('size', sizeOf(told.bytes));
  show('made', new Date(told.made_at).toLocaleString());
  show('until', new Date(told.expires_at).toLocaleString());
  show('digest', told.manifest_sha256);
  find('fetch').href = told.url;
  find('fetch').hidden = false;
  find('facts').hidden = false;
}

open().catch(() => show('state', 'The server cannot be reached. Load the page again in a moment.'));
`;

export const linkStyle = `body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1d2430; background: #f5f6f8; }
main { max-width: 34rem; margin: 12vh auto; padding: 2rem; background: #fff; border-radius: 12px; }
h1 { margin: 0 0 1rem; font-size: 1.4rem; }
dt { margin-top: .75rem; font-size: .85rem; color: #566072; }
dd { margin: 0; overflow-wrap: anywhere; }
[hidden] { display: none; }
a[role=button] { display: inline-block; margin-top: 1rem; padding: .6rem 1.4rem; border-radius: 8px; background: #1f4fd8; color: #fff; text-decoration: none; font-weight: 600; }
a[role=button]:focus-visible { outline: 3px solid #98b3ff; outline-offset: 2px; }
`;

/** Marks that `encodeURIComponent` leaves and RFC 8187 does not. */
const LEFT = /['()*]/g;

/**
 * Content-Disposition of a file to be saved under a name, whatever is in it: ASCII for old clients, all of it for
 * others (RFC 6266). No part of the name can end the field or name a folder.
 */
export function attachment(fileName: string): string {
  const name = fileName.toWellFormed().replaceAll(/[\p{Cc}/\\]+/gu, '_');
  const ascii = name.replaceAll(/[^ -~]|["%]/g, '_');
  const encoded = encodeURIComponent(name).replaceAll(
    LEFT,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

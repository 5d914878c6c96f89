type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;
type Child = Node | string | undefined;

/**
 * Makes an element. An attribute that is true is set without a value; false and undefined leave it out. Texts
 * are always texts: no markup is ever parsed.
 */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

let lastId = 0;

/** An id for an element that another one refers to. */
export function uniqueId(prefix: string): string {
  lastId++;
  return `${prefix}-${lastId}`;
}

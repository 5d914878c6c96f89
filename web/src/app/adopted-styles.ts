import { stylesToString } from '@mantine/core';
import { useInsertionEffect } from 'react';

// Stands in for the two modules with which libraries write `<style>` elements (see vite.config.ts), which the
// server's content security policy refuses. A style sheet that a script constructs is no part of the HTML, so that
// nobody can smuggle one in, and the policy takes it.

function useAdoptedStyles(css: string): void {
  useInsertionEffect(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    return () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
    };
  }, [css]);
}

/** As Mantine's: rules for one element, where its props differ by the width of the window. */
export function InlineStyles(rules: Parameters<typeof stylesToString>[0]): null {
  useAdoptedStyles(stylesToString(rules));
  return null;
}

/** As that of react-style-singleton: rules that hold while a component is there, such as “nothing scrolls”. */
export function styleSingleton(): (props: { styles: string }) => null {
  return function Sheet({ styles }) {
    useAdoptedStyles(styles);
    return null;
  };
}

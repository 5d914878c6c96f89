/// <reference types="vite/client" />
declare module 'virtual:theme.css';
declare module 'virtual:api-schema/*' {
  const schema: import('./api/json-schema.ts').ObjectSchema;
  export default schema;
}
declare module 'virtual:api-texts/*' {
  /** Language, other than English → what the schema says in English → the same in that language. */
  const texts: Readonly<Record<string, Readonly<Record<string, string>>>>;
  export default texts;
}

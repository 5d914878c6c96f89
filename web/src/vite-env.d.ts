/// <reference types="vite/client" />
declare module 'virtual:theme.css';
declare module 'virtual:api-schema/*' {
  const schema: import('./api/json-schema.ts').ObjectSchema;
  export default schema;
}

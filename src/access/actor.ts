/** Who acts from the command line or inside the server; requests have a principal instead. */
export interface Actor {
  type: 'operator' | 'system' | 'api_key';
  ref: string;
  interface: 'cli' | 'api' | 'system';
}

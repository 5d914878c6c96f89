// What we use of pngjs, which has no types of its own.
declare module 'pngjs' {
  interface Pixels {
    width: number;
    height: number;
    /** RGBA, 8 bits each. */
    data: Buffer;
  }

  export const PNG: {
    sync: {
      read(bytes: Buffer): Pixels;
      write(pixels: Pixels): Buffer;
    };
  };
}

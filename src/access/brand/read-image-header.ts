/** What an image says about itself before anything of it is decoded. */
export interface ImageHeader {
  mediaType: 'image/png' | 'image/jpeg';
  width: number;
  height: number;
  /** A PNG in several passes: its pixels cannot be bounded before they are unpacked. */
  isInterlaced: boolean;
}

const PNG_START = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1');
const PNG_HEADER_BYTES = 33;
const JPEG_START = 0xffd8;

/** Reads the header of a PNG (W3C, 11.2.2) or JPEG (ITU T.81, B.2.2); undefined for anything else. */
export function readImageHeader(bytes: Buffer): ImageHeader | undefined {
  if (bytes.length >= PNG_HEADER_BYTES && bytes.subarray(0, PNG_START.length).equals(PNG_START)) {
    return {
      mediaType: 'image/png',
      width: bytes.readUInt32BE(16),
      height: bytes.readUInt32BE(20),
      isInterlaced: bytes[28] !== 0,
    };
  }
  return bytes.length > 4 && bytes.readUInt16BE(0) === JPEG_START ? readFrame(bytes) : undefined;
}

/** The frame header of a JPEG: segments are walked until it comes. */
function readFrame(bytes: Buffer): ImageHeader | undefined {
  let at = 2;
  while (at + 9 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++; // a filling byte
      continue;
    }
    if (isFrame(marker)) {
      const [height, width] = [bytes.readUInt16BE(at + 5), bytes.readUInt16BE(at + 7)];
      return { mediaType: 'image/jpeg', width, height, isInterlaced: false };
    }
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}

/** SOF0 to SOF15; three numbers among them mean other things. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

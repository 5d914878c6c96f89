/** x⁸ + x⁴ + x³ + x² + 1: the field that QR codes reckon in. */
const FIELD = 0x11d;

function multiply(one: number, other: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >> 7) * FIELD);
    if ((other >> bit) & 1) product ^= one;
  }
  return product;
}

/** Coefficients of (x − 1)(x − 2)(x − 4)…, the highest power, which is 1, left out. */
function generatorOf(degree: number): Uint8Array {
  const generator = new Uint8Array(degree);
  generator[degree - 1] = 1;
  let root = 1;
  for (let i = 0; i < degree; i++) {
    for (let j = 0; j < degree; j++)
      generator[j] = multiply(generator[j]!, root) ^ (j + 1 < degree ? generator[j + 1]! : 0);
    root = multiply(root, 2);
  }
  return generator;
}

/** What is sent along with data so that it can be read with up to half as many bytes of it wrong. */
export function correctionOf(data: Uint8Array, length: number): Uint8Array {
  const generator = generatorOf(length);
  const rest = new Uint8Array(length);
  for (const byte of data) {
    const factor = byte ^ rest[0]!;
    rest.copyWithin(0, 1);
    rest[length - 1] = 0;
    for (let i = 0; i < length; i++) rest[i]! ^= multiply(generator[i]!, factor);
  }
  return rest;
}

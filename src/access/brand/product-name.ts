import { slugOf } from '../../slug.ts';

/** As `CONVEY_PRODUCT_NAME`. */
const MOST = 40;

/**
 * The product's name as the names of a workspace's exported files begin with it (contract §4): that of its brand, in
 * plain letters.
 * @param usual where the brand has no name, or one without a Latin letter or digit
 */
export function productNameOf(brand: { name: string | null }, usual: string): string {
  const slug = slugOf(brand.name ?? '')
    .slice(0, MOST)
    .replace(/-$/, '');
  return slug === '' ? usual : slug;
}

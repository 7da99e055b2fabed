/** The skus in the answer of `GET /products`; throws a RangeError that says what came instead. */
export function skusOf(products: unknown): string[] {
  if (!Array.isArray(products)) throw new RangeError('GET /products should answer a list of products');
  const skus = products.map((product: unknown) => (isRecord(product) ? product['sku'] : undefined));
  const texts = skus.filter((sku) => typeof sku === 'string');
  if (texts.length === 0 || texts.length < skus.length)
    throw new RangeError('GET /products should answer products with a "sku" each, at least one');
  return texts;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

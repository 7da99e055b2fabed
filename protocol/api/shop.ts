/** HTTP of the shop. Money is in whole cents, quantities are whole and at least 1. */
export interface CheckoutRequest {
  cart: CartLine[];
  user: { id: string; tier: string };
}

export interface CartLine {
  sku: string;
  quantity: number;
}

export interface Order {
  orderId: string;
  totalCents: number;
  currency: string;
  lines: PricedLine[];
}

export interface PricedLine extends CartLine {
  unitPriceCents: number;
}

export interface Product {
  sku: string;
  name: string;
  priceCents: number;
  stock: number;
}

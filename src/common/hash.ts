const encoder = new TextEncoder();

/** FNV-1a, 64 bits over UTF-8, as 16 hex digits; for identity, not for security. http://www.isthe.com/chongo/tech/comp/fnv/ */
export function fnv1a64(text: string): string {
  // The prime is 2^40 + 0x1b3; the two halves keep every product below 2^53.
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (const byte of encoder.encode(text)) {
    low = (low ^ byte) >>> 0;
    const product = low * 0x1b3;
    high = (high * 0x1b3 + Math.floor(product / 0x1_0000_0000) + ((low << 8) >>> 0)) % 0x1_0000_0000;
    low = product % 0x1_0000_0000;
  }
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}
